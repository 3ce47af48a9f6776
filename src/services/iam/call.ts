import type { Route } from '../../calls/service.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import type { AwsError } from '../../lib/errors.ts';
import type { HttpRequest } from '../../lib/http-message.ts';
import type { Result } from '../../lib/result.ts';
import type { DecisionLog } from '../../records/decision-log.ts';
import type { InputValue } from '../../wire/input-value.ts';
import type { IamInputs } from './generated/iam.ts';

/** A call of IAM that was authenticated and authorized, and what its response is read from. */
export interface IamCall<Input = InputValue> {
  readonly route: Route;
  readonly caller: Caller;
  readonly requestId: string;
  /** The id of this call's decision record. */
  readonly decisionId: string;
  /** As it came: some operations refuse parameters that their input does not have. */
  readonly request: HttpRequest;
  /** Decoded; a handler is given one that is valid by the operation's shape. */
  readonly input: Input;
  /** The last valid state of the folder. */
  readonly directory: Directory;
  readonly log: Pick<DecisionLog, 'list'>;
}

/** The members of an operation's output, as its model names them. */
export type Output = Readonly<Record<string, unknown>>;

export type Answered = Result<Output, AwsError>;

/** Handles the operation. */
export type IamHandler<Name extends keyof IamInputs> = (call: IamCall<IamInputs[Name]>) => Answered;

/** Handlers of some operations, each typed by its own. */
export type IamHandlers = { readonly [Name in keyof IamInputs]?: IamHandler<Name> };

/** A text of the input; `undefined` where the request leaves it out. */
export function textIn({ input }: Pick<IamCall, 'input'>, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}
