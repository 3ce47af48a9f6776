import type { Stage } from '../calls/service.ts';
import type { Shape } from '../model/shape.ts';
import type { RequestParameters } from '../records/decision-log.ts';

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Members that hold a secret, whether or not the model marks them as sensitive. */
const SECRETS: ReadonlySet<string> = new Set(['WebIdentityToken', 'TokenCode', 'EncodedMessage']);

/** CloudTrail limits the size of its records too. */
const MOST_CHARACTERS = 100_000;

/**
 * The input of a request as CloudTrail shows it: members spelled in camelCase, without secrets, without what the model
 * marks as sensitive, and without the bytes of bodies. Nothing where the request was rejected before it was read.
 */
export const requestParameters =
  (stage: Stage): RequestParameters =>
  () => {
    if (!('input' in stage)) return undefined;
    const { input: shape } = stage.route.operation;
    if (shape === undefined) return undefined;
    const shown = shownOf(stage.input, shape);
    return JSON.stringify(shown).length > MOST_CHARACTERS ? { omitted: 'too large' } : shown;
  };

function shownOf(value: unknown, shape: Shape | undefined): unknown {
  if (shape !== undefined && 'sensitive' in shape && shape.sensitive) return HIDDEN;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) {
    const item = shape?.type === 'list' ? shape.member.shape : undefined;
    return value.map((each) => shownOf(each, item));
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = shape?.type === 'structure' ? shape.members : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      members === undefined ? name : name.charAt(0).toLowerCase() + name.slice(1),
      SECRETS.has(name) ? HIDDEN : shownOf(each, members?.get(name)?.shape),
    ]),
  );
}
