import { Router } from 'express';
import { z } from 'zod';
import { generateInSteps } from '../commands/generate/generate.ts';
import type { Directory } from '../directory/directory.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import { only, refuse } from './admin-router.ts';
import { generatedView } from './generated-view.ts';
import { finishInSlices } from './in-slices.ts';
import { POLICY_QUERY } from './requests.ts';

export interface PolicyRouteOptions {
  readonly log: DecisionLog;
  /** The last valid state of the folder. */
  readonly directory: () => Directory;
}

/**
 * `/_authz/policy?principal=role/shop&resources=prefix`: the least-privilege policy of the decisions in memory, proved;
 * with `detail=1` beside what was proved, a diff, the calls that need each line, and the files that it can be written to.
 */
export function policyRoute({ log, directory }: PolicyRouteOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/policy', async (request, response) => {
    const query = POLICY_QUERY.safeParse(request.query);
    if (!query.success) {
      const code = typeof request.query.principal === 'string' ? 'InvalidResources' : 'MissingPrincipal';
      return refuse(response, 400, code, z.prettifyError(query.error));
    }
    const { principal, resources, detail } = query.data;
    const current = directory();
    const generated = await finishInSlices(
      generateInSteps({ directory: current, as: principal, records: log.list(), resources }),
    );
    if (!generated.ok) {
      const { reason, message } = generated.error;
      return reason === 'proof'
        ? refuse(response, 422, 'NotProved', message)
        : refuse(response, 404, 'NotFound', message);
    }
    if (detail === undefined) return void response.type('json').send(`${generated.value.text}\n`);
    return void response.json(await generatedView(generated.value, current));
  });
  router.all('/policy', only('GET'));
  return router;
}
