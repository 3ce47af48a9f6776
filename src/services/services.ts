import type { Service } from '../calls/service.ts';
import type { Authorization } from '../model/check.ts';
import type { Operation, ServiceModel } from '../model/shape.ts';
import { accessAnalyzerService } from './access-analyzer/service.ts';
import { cloudwatchService } from './cloudwatch/service.ts';
import { iamService } from './iam/service.ts';
import { personalizeService } from './personalize/service.ts';
import { s3Service } from './s3/service.ts';
import { stsService } from './sts/service.ts';

/** Every service that the proxy serves. */
export const SERVICES: readonly Service[] = [
  personalizeService,
  stsService,
  iamService,
  s3Service,
  cloudwatchService,
  accessAnalyzerService,
];

let byModel: ReadonlyMap<ServiceModel, Service> | undefined;

/** The service that a model belongs to. @throws where no service has it: a broken installation */
export function serviceOf(model: ServiceModel): Service {
  byModel ??= new Map(
    SERVICES.flatMap((service) => service.endpoints().map((endpoint) => [endpoint.model, service] as const)),
  );
  const service = byModel.get(model);
  if (service === undefined) throw new Error(`no service has the model ${model.name}`);
  return service;
}

const rows = new Map<Operation, Authorization>();

/** What a call of the operation must be allowed to do; one row per operation, made on the first call. */
export function authorizationOf(operation: Operation): Authorization {
  const known = rows.get(operation);
  if (known !== undefined) return known;
  const row = serviceOf(operation.service).authorization(operation);
  rows.set(operation, row);
  return row;
}
