import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import type { Answered, IamCall, IamHandlers, Output } from './call.ts';
import type { IamInputs } from './generated/iam.ts';
import { type Access, accesses, grantedActions, subjectOf } from './last-accessed.ts';
import { paged } from './page.ts';
import { noSuchJob } from './refusals.ts';

/**
 * IAM's report on what of the granted services was called, out of the decisions in memory. A job is the decision of the
 * call that asked for it: nothing is stored beside the log, and the report is of the calls before that one.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
export const LAST_ACCESSED_OPERATIONS = {
  GenerateServiceLastAccessedDetails: (call) => {
    const subject = subjectOf(call.directory, call.input.Arn);
    if (!subject.ok) return subject;
    return ok({ JobId: jobIdOf(call.decisionId, call.input.Granularity === 'ACTION_LEVEL') });
  },
  GetServiceLastAccessedDetails: (call) => {
    const job = findJob(call);
    return job.ok ? report(call, job.value) : job;
  },
} satisfies IamHandlers;

type ReportCall = IamCall<IamInputs['GetServiceLastAccessedDetails']>;

interface Job {
  /** The ARN that the report is about. */
  readonly arn: string;
  readonly created: Date;
  /** The decisions before it. */
  readonly before: readonly DecisionRecord[];
  readonly ofActions: boolean;
}

/** The version digit of a UUID: a random one, and one with an application's own meaning (RFC 9562). */
const VERSION_AT = 14;
const RANDOM = '4';
const OWN = '8';

/** A job's id has 36 characters: what was asked for beside the ARN is in the version of the decision's own id. */
const jobIdOf = (decisionId: string, ofActions: boolean): string =>
  ofActions ? withVersion(decisionId, OWN) : decisionId;

const withVersion = (id: string, version: string): string =>
  id.slice(0, VERSION_AT) + version + id.slice(VERSION_AT + 1);

function findJob(call: ReportCall): Result<Job, AwsError> {
  const { JobId: jobId } = call.input;
  const ofActions = jobId[VERSION_AT] === OWN;
  const id = ofActions ? withVersion(jobId, RANDOM) : jobId;
  const records = call.log.list();
  const at = records.findIndex((record) => record.id === id);
  const { request, outcome, checks = [], time = '' } = records[at] ?? {};
  const arn = checks[0]?.resource;
  const isJob =
    request?.operation === 'GenerateServiceLastAccessedDetails' &&
    (outcome === 'answered' || outcome === 'audited');
  if (!isJob || arn === undefined) return noSuchJob(jobId);
  return ok({ arn, created: new Date(time), before: records.slice(0, at), ofActions });
}

function report(call: ReportCall, { arn, created, before, ofActions }: Job): Answered {
  const subject = subjectOf(call.directory, arn);
  if (!subject.ok) return subject;
  const ofService = accesses(subject.value, before, serviceOf);
  const ofAction = accesses(subject.value, before, (action) => action.toLowerCase());
  const services = paged(
    call,
    'ServicesLastAccessed',
    [...grantedActions(subject.value)],
    ([service, actions]) => ({
      ...serviceView(service, ofService.get(service) ?? []),
      ...(ofActions && {
        TrackedActionsLastAccessed: actions.map((name) =>
          actionView(name, ofAction.get(`${service}:${name}`.toLowerCase())?.[0]),
        ),
      }),
    }),
  );
  if (!services.ok) return services;
  return ok({
    JobStatus: 'COMPLETED',
    JobType: ofActions ? 'ACTION_LEVEL' : 'SERVICE_LEVEL',
    JobCreationDate: created,
    JobCompletionDate: created,
    ...services.value,
  });
}

const serviceOf = (action: string): string => action.slice(0, action.indexOf(':')).toLowerCase();

/** As AWS calls the services that a Personalize policy speaks of; any other by its prefix. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  cloudwatch: 'Amazon CloudWatch',
  iam: 'AWS Identity and Access Management',
  kms: 'AWS Key Management Service',
  personalize: 'Amazon Personalize',
  s3: 'Amazon S3',
  sts: 'AWS Security Token Service',
};

function serviceView(service: string, found: readonly Access[]): Output {
  const [last] = found;
  return {
    ServiceName: (Object.hasOwn(SERVICE_NAMES, service) && SERVICE_NAMES[service]) || service,
    ServiceNamespace: service,
    TotalAuthenticatedEntities: found.length,
    ...(last && {
      LastAuthenticated: last.time,
      LastAuthenticatedEntity: last.entity,
      LastAuthenticatedRegion: last.region,
    }),
  };
}

const actionView = (name: string, last: Access | undefined): Output => ({
  ActionName: name,
  ...(last && {
    LastAccessedTime: last.time,
    LastAccessedEntity: last.entity,
    LastAccessedRegion: last.region,
  }),
});
