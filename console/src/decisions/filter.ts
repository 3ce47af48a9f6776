import type { Summary } from '../types.ts';

/** `principal:alice,bob -operation:List text`: fields, excluded fields, and text in anything that is shown. */
interface Term {
  readonly field: string | undefined;
  readonly values: readonly string[];
  readonly excluded: boolean;
}

const FIELDS: Readonly<Record<string, (row: Summary) => string | undefined>> = {
  outcome: ({ outcome }) => outcome,
  principal: ({ principal }) => principal,
  service: ({ service }) => service,
  operation: ({ operation }) => operation,
  action: ({ check }) => check?.action,
  resource: ({ check }) => check?.resource,
  layer: ({ check, outcome }) => (outcome === 'forwarded' ? undefined : check?.layer),
  code: ({ error }) => error?.code,
  decision: ({ id }) => id,
};

export const FIELD_NAMES = Object.keys(FIELDS);

function termsOf(query: string): readonly Term[] {
  return query
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, sign = '', name = '', value = ''] = /^(-?)(?:([a-z]+):)?(.*)$/.exec(word) ?? [];
      const field = Object.hasOwn(FIELDS, name) ? name : undefined;
      const text = field === undefined && name !== '' ? `${name}:${value}` : value;
      const values = (field === undefined ? [text] : text.split(',')).filter((each) => each !== '');
      return { field, values: values.map((each) => each.toLowerCase()), excluded: sign === '-' };
    })
    .filter(({ values }) => values.length > 0);
}

/** What of the rows is shown. */
export function filterOf(query: string, outcomes: readonly string[]): (row: Summary) => boolean {
  const terms = termsOf(query);
  const wanted: ReadonlySet<string> = new Set(outcomes);
  return (row) =>
    (wanted.size === 0 || wanted.has(row.outcome)) &&
    terms.every(({ field, values, excluded }) => {
      const text = (field === undefined ? textOf(row) : (FIELDS[field]?.(row) ?? '')).toLowerCase();
      return values.some((value) => text.includes(value)) !== excluded;
    });
}

const textOf = ({ principal, service, operation, check, error, id }: Summary): string =>
  `${principal} ${service} ${operation} ${check?.action} ${check?.resource} ${error?.code} ${id}`;

/** A query that leaves out what has this value too. */
export const excluding = (query: string, field: string, value: string): string =>
  `${query} -${field}:${value}`.trim();

/** Calls that came out alike. */
export interface Group {
  readonly latest: Summary;
  count: number;
}

/** Groups rows, the newest first, by principal, operation, outcome, error, check and layer. */
export function groupsOf(shown: readonly Summary[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const row of shown) {
    const { principal, operation, outcome, error, check } = row;
    const key = [principal, operation, outcome, error?.code, check?.action, check?.layer].join('\n');
    const known = groups.get(key);
    if (known) known.count += 1;
    else groups.set(key, { latest: row, count: 1 });
  }
  return [...groups.values()];
}
