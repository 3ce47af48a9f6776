import type { Session } from '../directory/session.ts';
import type { Principal } from '../engine/principal.ts';
import { formatTime } from '../lib/date-text.ts';
import type { Draft } from '../lib/draft.ts';
import { type HttpRequest, header } from '../lib/http-message.ts';
import { type AccessKeyId, accessKeyId } from '../lib/identifiers.ts';
import { memoizeFor, memoizeText } from '../lib/memoize.ts';
import type {
  CheckRecord,
  DecisionRecord,
  Outcome,
  PrincipalRecord,
  SessionRecord,
} from '../records/decision-record.ts';
import { keysToRecord } from '../records/recorded-context.ts';
import type { Authenticated, DecidedCheck, Received, Route } from './service.ts';

/** How a request ended, for its record. */
export interface Ending {
  readonly mode: DecisionRecord['mode'];
  readonly outcome: Outcome;
  readonly error?: NonNullable<DecisionRecord['error']>;
  /** The input, shortened and without secrets. */
  readonly parameters?: NonNullable<DecisionRecord['request']['parameters']>;
  /** The status of the response that an authorized request was given. */
  readonly answer?: NonNullable<DecisionRecord['answer']>;
  readonly durationMicros: number;
}

/** What a record is made of: any stage of a call, or a decision that was made for one. */
export interface RecordSource extends Received {
  readonly route?: Pick<Route, 'operation'>;
  readonly caller?: Authenticated['caller'];
  readonly credential?: Authenticated['credential'];
  readonly decided?: readonly DecidedCheck[];
  readonly decidedUndocumented?: readonly DecidedCheck[];
}

/** The record of a request that came as far as `stage`. Stages that were not reached are not in it. */
export function decisionRecord(stage: RecordSource, ending: Ending): DecisionRecord {
  const { caller } = stage;
  const principal = caller && principalRecord(caller.principal);
  const time = formatTime(stage.receivedAt);
  const requestMembers = requestRecord(stage, ending);
  const told = principal ? { time, principal, request: requestMembers } : { time, request: requestMembers };
  const checkRecord = ({ question, decision, context }: DecidedCheck): CheckRecord => {
    const { action, resource } = question;
    const { decision: verdict, layer, determining, cause } = decision;
    const kept = keysToRecord(context, told, resource);
    return cause === undefined
      ? { action, resource, decision: verdict, layer, determining, context: kept }
      : { action, resource, decision: verdict, layer, determining, cause, context: kept };
  };
  const { decisionId: id, decided, decidedUndocumented } = stage;
  const { mode, outcome, error, answer, durationMicros } = ending;
  // Members are assigned in the order in which records are written.
  const record = { id, time, mode, outcome } as Draft<DecisionRecord>;
  if (principal) record.principal = principal;
  if (caller?.session) record.session = sessionRecord(caller.session);
  record.request = requestMembers;
  record.checks = decided?.map(checkRecord) ?? NONE;
  record.undocumented = decidedUndocumented?.length ? decidedUndocumented.map(checkRecord) : NONE;
  if (error) {
    const { code, status, message } = error;
    record.error = { code, message: withoutToken(message), status };
  }
  if (answer) record.answer = answer;
  record.durationMicros = durationMicros;
  return record;
}

const NONE: readonly CheckRecord[] = [];

/** User agents are few and long: records share them. */
const shared = memoizeText((userAgent) => userAgent);

function requestRecord(
  { request, requestId, route, credential, caller }: RecordSource,
  { parameters }: Ending,
): DecisionRecord['request'] {
  const userAgent = header(request, 'user-agent');
  const keyId = credential ? credential.accessKeyId : claimedKeyId(request);
  const record = { id: requestId } as Draft<DecisionRecord['request']>;
  if (route) {
    record.service = route.operation.service.name;
    record.operation = route.operation.name;
  }
  if (credential) record.region = credential.scope.region;
  if (keyId !== undefined) record.accessKeyId = keyId;
  record.sourceIp = request.remoteAddress;
  if (caller?.vpcEndpoint) record.vpcEndpointId = caller.vpcEndpoint.id;
  if (userAgent !== undefined) record.userAgent = shared(userAgent);
  if (parameters) record.parameters = parameters;
  return record;
}

/** Records share it: a ring of records holds it once for each caller. */
const principalRecord = memoizeFor((principal: Principal): PrincipalRecord | undefined => {
  if (!('arn' in principal)) return undefined;
  const { type, arn, accountId } = principal;
  if (principal.type === 'User') return { type, arn, accountId, userName: principal.userName };
  if (principal.type === 'AssumedRole') {
    return { type, arn, accountId, roleArn: principal.roleArn, sessionName: principal.sessionName };
  }
  return { type, arn, accountId };
});

const sessionRecord = memoizeFor(
  ({ kind, holder, issuedAt, policies }: Session): SessionRecord => ({
    holder: `${kind === 'AssumedRole' ? 'role' : 'user'}/${holder.name}`,
    issuedAt: new Date(issuedAt).toISOString(),
    ...(policies && { policies }),
  }),
);

/** The canonical request that AWS shows in an error can contain a session token. */
const withoutToken = (message: string): string =>
  TOKEN.test(message) ? message.replaceAll(/(x-amz-security-token[:=])[^&\n']*/gi, '$1***') : message;

const TOKEN = /x-amz-security-token/i;

/** What a key id looks like: a secret that someone has put in its place is not written down. */
const CLAIMED_KEY = /\bCredential=(A[KS]IA[A-Z0-9]{12,124})(?:\/|%2[Ff])/;

/** The key id of a request that was rejected before its signature was read, so that people know which one to look at. */
function claimedKeyId(request: HttpRequest): AccessKeyId | undefined {
  const [, id] = CLAIMED_KEY.exec(header(request, 'authorization') ?? request.target) ?? [];
  return id === undefined ? undefined : accessKeyId(id);
}
