import { decisionRecord } from '../../calls/call-record.ts';
import type { DecidedCheck } from '../../calls/service.ts';
import { bucketInArn } from '../../directory/bucket-policies.ts';
import type { Directory } from '../../directory/directory.ts';
import { denialMessage } from '../../engine/denial-message.ts';
import type { AuthorizationRequest } from '../../engine/request.ts';
import type { Operation } from '../../model/shape.ts';
import type { DecisionLog } from '../../records/decision-log.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { BY_SERVICE, decideServiceRole, roleCaller } from './service-role-checks.ts';
import { serviceRoleUse } from './service-role-use.ts';

/** A resource that is being made or changed, with a role for Personalize to work with. */
export interface ServiceRoleCreation {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  /** Of the resource: `aws:SourceArn`. */
  readonly arn: string;
  /** Of the request that passed the role. */
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What came of it. */
export interface ServiceRoleJudgement {
  /** Why the resource ends in CREATE FAILED, in AWS's words; absent where the role is allowed what is needed. */
  readonly failureReason?: string;
  /** Records the decision, once the request itself succeeded. */
  conclude(): Promise<void>;
}

export interface ServiceRoleOptions {
  readonly settings: () => {
    readonly mode: 'enforce' | 'audit';
    readonly region: string;
    readonly serviceRoles: 'enforce' | 'report';
  };
  readonly directory: () => Directory;
  readonly log: Pick<DecisionLog, 'append'>;
  readonly newId: () => string;
  readonly monotonicClock: () => number;
  readonly onRecord: (record: DecisionRecord) => void;
}

/**
 * The service-role check: whether Personalize can assume the role that a request passed, and whether that role, and the policy of
 * a bucket that has one, allow what the work needs. Asked of the same engine, when the work begins.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html
 */
export function createServiceRoleJudge(
  options: ServiceRoleOptions,
): (creation: ServiceRoleCreation) => ServiceRoleJudgement | undefined {
  return (creation) => {
    const directory = options.directory();
    const use = serviceRoleUse(creation.operation.name, creation.input, directory.partition);
    if (use === undefined) return undefined;
    const start = options.monotonicClock();
    const { mode, region, serviceRoles } = options.settings();
    const roleCheck = { creation, use, directory, region };
    const caller = roleCaller(use.roleArn, directory);
    const decided = decideServiceRole(roleCheck, caller);
    const refused = decided.find(({ decision }) => decision.decision !== 'allowed');
    const counts = mode === 'enforce' && serviceRoles === 'enforce';
    const durationMicros = Math.round((options.monotonicClock() - start) * 1000);
    const record = (): DecisionRecord =>
      decisionRecord(
        {
          request: BY_SERVICE,
          requestId: creation.requestId,
          decisionId: options.newId(),
          receivedAt: creation.now,
          route: { operation: creation.operation },
          caller,
          decided,
        },
        {
          mode,
          outcome: refused === undefined ? 'answered' : counts ? 'denied' : 'audited',
          ...(refused && {
            error: { code: 'AccessDenied', status: 403, message: messageOf(refused) },
          }),
          durationMicros,
        },
      );
    return {
      ...(refused && counts && { failureReason: failureReason(creation, refused.question) }),
      async conclude() {
        const made = record();
        await options.log.append(made);
        options.onRecord(made);
      },
    };
  };
}

const messageOf = ({ question: asked, decision }: DecidedCheck): string =>
  decision.cause === undefined
    ? denialMessage(asked, decision)
    : `${denialMessage(asked, decision)} (${decision.cause})`;

/** AWS's page on the policy of a bucket, which its message links. */
const BUCKET_POLICY_PAGE =
  'https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html#attach-bucket-policy';

const IMPORT_JOB = 'CreateDatasetImportJob';

/**
 * Why the resource failed, in AWS's words where they are known: what the role may not do in S3, and what the
 * policy of a bucket does not let the service do. Of roles and keys no wording of AWS is known.
 */
function failureReason(
  { operation, input }: { readonly operation: { readonly name: string }; readonly input: object },
  { principal, action, resource }: AuthorizationRequest,
): string {
  if (action === 'sts:AssumeRole') return `Amazon Personalize cannot assume the role ${resource}.`;
  if (action.startsWith('kms:')) return `Insufficient privileges for using the KMS key ${resource}.`;
  if (principal.type === 'Service')
    return `Insufficient privileges for accessing data in S3. Please look at ${BUCKET_POLICY_PAGE} and fix bucket policy on ${bucketInArn(resource)}.`;
  const reason = 'Insufficient privileges for accessing data in Amazon S3.';
  return operation.name === IMPORT_JOB
    ? `Failed to create a data import job for ${datasetTypeIn(input)} dataset. ${reason}`
    : reason;
}

/** `arn:…:dataset/shop/INTERACTIONS` -> `INTERACTIONS` */
const datasetTypeIn = ({ datasetArn }: { readonly datasetArn?: unknown }): string =>
  String(datasetArn ?? '').replace(/^.*\//, '');
