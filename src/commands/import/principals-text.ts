import { Document, isMap, isPair, isScalar, visit } from 'yaml';
import type { PrincipalsInput } from '../../directory/principals-input.ts';

const LINE_WIDTH = 110;
/** A longer list is written one item a line. */
const MOST_IN_LINE = 80;

/** `principals.yaml` as people write it: short lists on one line, a blank line between principals. */
export function principalsText(principals: PrincipalsInput, source: string): string {
  const sections = Object.entries(principals).filter(([, entries]) => Object.keys(entries ?? {}).length > 0);
  const document = new Document(Object.fromEntries(sections));
  visit(document, {
    Seq: (_, node) => {
      node.flow = JSON.stringify(node.toJSON()).length <= MOST_IN_LINE;
    },
    Pair: (_, { key, value }, path) => {
      const parent = path.at(-1);
      const depth = path.filter(isPair).length;
      const isFirst = isMap(parent) && parent.items[0]?.key === key;
      if (isScalar(key) && depth <= 1 && !isFirst) key.spaceBefore = true;
      if (isMap(value) && value.items.length === 0) value.flow = true;
    },
  });
  document.commentBefore = header(source, Object.keys(principals.users ?? {})[0]);
  return document.toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: false });
}

function header(source: string, user: string | undefined): string {
  const origin = ` Imported from ${source}.`;
  if (user === undefined) return origin;
  const id = `AKIALOCAL${user.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`.padEnd(20, '0').slice(0, 20);
  return [
    origin,
    ' The source contains no access keys. Add one for each user that makes calls; it is valid for this proxy only:',
    `   ${user}:`,
    `     accessKeys: [{ id: ${id}, secret: local-only-secret-of-${user} }]`,
  ].join('\n');
}
