import type { HttpRequest } from '../lib/http-message.ts';
import type { Shape, StructureShape } from '../model/shape.ts';
import { plainForm } from './plain-body.ts';
import { splitParameters, splitTarget } from './query-parameters.ts';

/** What awsQuery itself says in parameters, and what a presigned query adds. */
const OF_THE_PROTOCOL = /^(?:Action|Version|AWSAccessKeyId|X-Amz-[\w-]+)$/i;

/**
 * The first parameter of a call in awsQuery that its input does not have, e.g. `PolicyExclusionList.member.1.Foo`.
 * AWS ignores such parameters, and so does this proxy: for the operations where leaving one out could turn a denial into
 * an allowance.
 */
export function unknownParameter(request: HttpRequest, input: StructureShape): string | undefined {
  const form = request.method === 'POST' ? (plainForm(request) ?? '') : '';
  for (const encoded of [splitTarget(request.target).query, form])
    for (const [name] of splitParameters(encoded))
      if (!OF_THE_PROTOCOL.test(name) && !isOf(name.split('.'), input)) return name;
  return undefined;
}

const POSITION = /^[1-9]\d{0,8}$/;

/** Whether a parameter's path leads to a member; a list may be given without items, as the empty list. */
function isOf([part, ...rest]: readonly string[], shape: Shape): boolean {
  if (part === undefined) return shape.type !== 'structure';
  if (shape.type === 'structure') {
    const member = [...shape.members.values()].find(({ wireName }) => wireName === part);
    return member !== undefined && isOf(rest, member.shape);
  }
  if (shape.type !== 'list') return false;
  const [position, ...more] = shape.flattened ? [part, ...rest] : rest;
  if (!shape.flattened && part !== shape.member.wireName) return false;
  return position !== undefined && POSITION.test(position) && isOf(more, shape.member.shape);
}
