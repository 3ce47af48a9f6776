import type { Route } from '../../calls/service.ts';
import type { Caller, Directory } from '../../directory/directory.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpRequest } from '../../lib/http-message.ts';
import type { Result } from '../../lib/result.ts';
import type { DecisionLog } from '../../records/decision-log.ts';
import type { InputValue } from '../../wire/input-value.ts';

/** A call of IAM that was authenticated and authorized, and what its answer is read from. */
export interface IamCall {
  readonly route: Route;
  readonly caller: Caller;
  readonly requestId: string;
  /** The id of this call's decision record. */
  readonly decisionId: string;
  /** As it came: some operations refuse parameters that their input does not have. */
  readonly request: HttpRequest;
  /** Decoded, not yet validated. */
  readonly input: InputValue;
  /** The last good state of the folder. */
  readonly directory: Directory;
  readonly log: Pick<DecisionLog, 'list'>;
}

/** The members of an operation's output, as its model names them. */
export type Output = Readonly<Record<string, unknown>>;

export type Answered = Result<Output, AwsError>;

export type Answer = (call: IamCall) => Answered;

/** Operation name -> what answers it. */
export type Operations = Readonly<Record<string, Answer>>;

/** A text of the input; `undefined` where the request leaves it out. */
export function textIn({ input }: Pick<IamCall, 'input'>, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

/** A list of texts of the input; empty where the request leaves it out. */
export function textsIn({ input }: Pick<IamCall, 'input'>, member: string): readonly string[] {
  const value = input[member];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
