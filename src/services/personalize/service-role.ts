import { decisionRecord } from '../../calls/call-record.ts';
import type { DecidedCheck } from '../../calls/service.ts';
import type { Directory } from '../../directory/directory.ts';
import { denialMessage } from '../../engine/denial-message.ts';
import type { Operation } from '../../model/shape.ts';
import type { DecisionLog } from '../../records/decision-log.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { BY_SERVICE, decideServiceRole, roleCaller } from './service-role-checks.ts';
import { failureReason } from './service-role-failure.ts';
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
  /** Why the resource ends in CREATE FAILED, as AWS says it; absent where the role may do what is asked. */
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
