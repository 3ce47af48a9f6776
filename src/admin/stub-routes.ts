import { Router } from 'express';
import { z } from 'zod';
import type { StubControl } from '../services/personalize/upstream.ts';
import { only, refuse } from './admin-router.ts';
import { STUB_QUERY } from './requests.ts';

const KINDS = ['events', 'items', 'users', 'actions', 'action-interactions'] as const;

/** Whose stub it is, and where it is where it is not in this process. */
interface StubPlace {
  readonly description: string;
  readonly stub?: StubControl;
}

/** What a test asks of the stub: what was put into it, and to begin anew. To be mounted at `/_authz`. */
export function stubRouter({ description, stub }: StubPlace): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(['/stub', '/reset'], (_, response, next) =>
    stub === undefined
      ? refuse(response, 404, 'NoStub', `The stub is not in this process: Personalize is ${description}.`)
      : next(),
  );
  router
    .get('/stub/resources', (_, response) => void response.json({ resources: stub?.resources() ?? [] }))
    .all('/stub/resources', only('GET'));
  for (const kind of KINDS) {
    router
      .get(`/stub/${kind}`, (request, response) => {
        const filter = STUB_QUERY.safeParse(request.query);
        if (!filter.success) return refuse(response, 400, 'InvalidFilter', z.prettifyError(filter.error));
        const { limit } = filter.data;
        const puts = stub?.recorded(kind) ?? [];
        return void response.json({ [kind]: limit === undefined ? puts : puts.slice(-limit) });
      })
      .all(`/stub/${kind}`, only('GET'));
  }
  router
    .post('/reset', async (_, response) => {
      const problems = (await stub?.reset()) ?? [];
      response.status(problems.length === 0 ? 200 : 422).json({ problems });
    })
    .all('/reset', only('POST'));
  return router;
}
