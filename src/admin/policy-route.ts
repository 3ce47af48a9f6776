import { Router } from 'express';
import { generatePolicy } from '../commands/generate/generate.ts';
import { RESOURCE_SCOPES, type ResourceScope } from '../commands/generate/resource-scope.ts';
import type { Directory } from '../directory/directory.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import { only, refuse } from './admin-router.ts';

export interface PolicyRouteOptions {
  readonly log: DecisionLog;
  /** The last good state of the folder. */
  readonly directory: () => Directory;
}

/** `/_authz/policy?principal=role/shop&resources=prefix`: the least-privilege policy of the decisions in memory, proved. */
export function policyRoute({ log, directory }: PolicyRouteOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/policy', (request, response) => {
    const { principal, resources = 'exact' } = request.query;
    if (typeof principal !== 'string')
      return refuse(response, 400, 'MissingPrincipal', 'Say whose: ?principal=role/NAME or ?principal=NAME.');
    if (!isScope(resources))
      return refuse(response, 400, 'InvalidResources', `resources is one of ${RESOURCE_SCOPES.join(', ')}.`);
    const generated = generatePolicy({
      directory: directory(),
      as: principal,
      records: log.list(),
      resources,
    });
    if (generated.ok) return void response.type('json').send(`${generated.value.text}\n`);
    const { reason, message } = generated.error;
    return reason === 'proof'
      ? refuse(response, 422, 'NotProved', message)
      : refuse(response, 404, 'NotFound', message);
  });
  router.all('/policy', only('GET'));
  return router;
}

const isScope = (value: unknown): value is ResourceScope => RESOURCE_SCOPES.some((scope) => scope === value);
