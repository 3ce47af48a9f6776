import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, type Result } from '../../lib/result.ts';

/** The members of an operation's input, validated by its shape. */
export type Input = Readonly<Record<string, unknown>>;

export type Output = Result<Readonly<Record<string, unknown>>, AwsError>;

/** The handler of an operation: its output depends on the input alone. */
export type AccessAnalyzerOperation = (input: Input) => Output;

/** More than AWS takes of any policy; reading one costs time beside its length. */
const MOST_CHARACTERS = 100_000;

type Refused = { readonly ok: false; readonly error: AwsError };

/** A member with a value that its shape allows and the operation does not. */
export const invalidField = (name: string, message: string): Refused => {
  const error = awsError('ValidationException', message, { reason: 'fieldValidationFailed' });
  return err({ ...error, fieldList: [{ name, message }] });
};

export const invalidParameter = (message: string): Refused =>
  err(awsError('InvalidParameterException', message));

/** A document of the input, if it is not too long to be read. */
export function documentIn(input: Input, member: string): Result<string, AwsError> {
  const text = String(input[member]);
  if (text.length <= MOST_CHARACTERS) return { ok: true, value: text };
  return invalidField(
    member,
    `${member} has ${text.length} characters; at most ${MOST_CHARACTERS} are read.`,
  );
}

export const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
