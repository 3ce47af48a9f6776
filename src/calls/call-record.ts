import type { Session } from '../directory/session.ts';
import type { Principal } from '../engine/principal.ts';
import { formatTime } from '../lib/date-text.ts';
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
  return {
    id: stage.decisionId,
    time,
    mode: ending.mode,
    outcome: ending.outcome,
    ...(principal && { principal }),
    ...(caller?.session && { session: sessionRecord(caller.session) }),
    request: requestMembers,
    checks: stage.decided?.map(checkRecord) ?? NONE,
    undocumented: stage.decidedUndocumented?.length ? stage.decidedUndocumented.map(checkRecord) : NONE,
    ...(ending.error && { error: { ...ending.error, message: withoutToken(ending.error.message) } }),
    ...(ending.answer && { answer: ending.answer }),
    durationMicros: ending.durationMicros,
  };
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
  return {
    id: requestId,
    ...(route && { service: route.operation.service.name, operation: route.operation.name }),
    ...(credential && { region: credential.scope.region }),
    ...(keyId !== undefined && { accessKeyId: keyId }),
    sourceIp: request.remoteAddress,
    ...(caller?.vpcEndpoint && { vpcEndpointId: caller.vpcEndpoint.id }),
    ...(userAgent !== undefined && { userAgent: shared(userAgent) }),
    ...(parameters && { parameters }),
  };
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
