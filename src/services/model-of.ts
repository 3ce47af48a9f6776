import { serviceModels } from '../model/load.ts';
import type { ServiceModel, ServiceName } from '../model/shape.ts';

/** A generated service model. @throws where there is none: a broken installation */
export function modelOf(name: ServiceName): ServiceModel {
  const model = serviceModels().get(name);
  if (model === undefined) throw new Error(`there is no service model ${name}`);
  return model;
}
