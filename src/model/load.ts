import { checkModel } from './check-model.ts';
import accessAnalyzer from './generated/access-analyzer.json' with { type: 'json' };
import iam from './generated/iam.json' with { type: 'json' };
import personalize from './generated/personalize.json' with { type: 'json' };
import personalizeEvents from './generated/personalize-events.json' with { type: 'json' };
import personalizeRuntime from './generated/personalize-runtime.json' with { type: 'json' };
import sts from './generated/sts.json' with { type: 'json' };
import type { GeneratedModel } from './generated-model.ts';
import { LazyOperation, ShapeResolver } from './resolve.ts';
import type { Operation, Protocol, ServiceModel, ServiceName } from './shape.ts';

const GENERATED: readonly GeneratedModel[] = [
  personalize,
  personalizeRuntime,
  personalizeEvents,
  sts,
  iam,
  accessAnalyzer,
];

let loaded: ReadonlyMap<ServiceName, ServiceModel> | undefined;

/**
 * The service models, built and checked on the first call.
 * Throws where a model has a diagnostic: the generated files are part of the program, so this is a broken installation.
 */
export function serviceModels(): ReadonlyMap<ServiceName, ServiceModel> {
  loaded ??= new Map(GENERATED.map(buildServiceModel).map((model) => [model.name, model]));
  return loaded;
}

export function findOperation(service: ServiceName, name: string): Operation | undefined {
  return serviceModels().get(service)?.operations.get(name);
}

/** One service from its generated form. Throws with every diagnostic of the model (`checkModel`). */
export function buildServiceModel(generated: GeneratedModel): ServiceModel {
  const diagnostics = checkModel(generated);
  if (diagnostics.length > 0) throw new Error(`The service model is broken. ${diagnostics.join('; ')}`);
  const operations = new Map<string, Operation>();
  const service: ServiceModel = {
    name: generated.name as ServiceName,
    protocol: generated.protocol as Protocol,
    signingName: generated.signingName as ServiceModel['signingName'],
    apiVersion: generated.apiVersion,
    ...(generated.targetPrefix !== undefined && { targetPrefix: generated.targetPrefix }),
    ...(generated.xmlNamespace !== undefined && { xmlNamespace: generated.xmlNamespace }),
    operations,
  };
  const shapes = new ShapeResolver(generated.shapes);
  for (const [name, operation] of Object.entries(generated.operations)) {
    operations.set(name, new LazyOperation(service, name, operation, shapes));
  }
  return service;
}

/** A generated service model. @throws if there is none: a broken installation */
export function modelOf(name: ServiceName): ServiceModel {
  const model = serviceModels().get(name);
  if (model === undefined) throw new Error(`there is no service model ${name}`);
  return model;
}
