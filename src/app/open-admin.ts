import { Router } from 'express';
import { type AdminOptions, adminRouter } from '../admin/admin-router.ts';
import { consoleFiles } from '../admin/console-files.ts';
import { coverageRoute } from '../admin/coverage-route.ts';
import { decisionListRoutes } from '../admin/decision-list-routes.ts';
import { decisionRoutes } from '../admin/decision-routes.ts';
import { DecisionStreams, type StreamedState } from '../admin/decision-stream.ts';
import { openApiRoute } from '../admin/openapi.ts';
import { operationRoutes } from '../admin/operation-routes.ts';
import { policyFileRoutes } from '../admin/policy-file-routes.ts';
import { policyRoute } from '../admin/policy-route.ts';
import { principalRoutes } from '../admin/principal-routes.ts';
import { simulateRoutes } from '../admin/simulate-routes.ts';
import { stubRouter } from '../admin/stub-routes.ts';
import type { Config } from '../config/read-config.ts';
import type { Directory } from '../directory/directory.ts';
import type { Clock } from '../lib/clock.ts';
import type { PersonalizeUpstream } from '../services/personalize/upstream.ts';
import type { AuthorizationMessages } from '../sessions/authorization-messages.ts';
import type { SharedState } from '../state/shared-state.ts';

/** What the project's own pages show and change. */
export interface AdminParts {
  readonly config: Config;
  readonly control: Pick<AdminOptions, 'health' | 'setMode' | 'reload'>;
  readonly metrics: AdminOptions['metrics'];
  readonly state: SharedState;
  readonly directory: () => Directory;
  readonly messages: AuthorizationMessages;
  readonly upstream: PersonalizeUpstream;
  readonly clock: Clock;
  /** Whether principals and policies are files rather than objects. */
  readonly hasFiles: boolean;
}

/** Everything under `/_authz`, and its streams, which must be closed before the server can be. */
export function openAdmin({ config, control, metrics, upstream, hasFiles, state, ...rest }: AdminParts) {
  const parts = { ...rest, log: state.decisions };
  const instance = () => state.instance;
  const canWrite = config.console.write && hasFiles;
  const health = (): StreamedState => ({
    ...control.health(),
    instance: state.instance,
    write: canWrite,
    editor: config.console.editor,
    oldest: parts.log.oldest,
  });
  const streams = new DecisionStreams({ log: parts.log, health, instance });
  const router = adminRouter({
    ...control,
    health,
    hosts: [config.listen.host, ...config.listen.adminHosts],
    metrics,
    more: [
      consoleFiles(),
      stubRouter(upstream),
      ...(state.catchUp ? [catchingUp(state.catchUp)] : []),
      decisionListRoutes({ ...parts, streams, instance, clear: state.clear }),
      decisionRoutes({ ...parts, region: config.region }),
      coverageRoute(parts),
      policyRoute(parts),
      principalRoutes(parts.directory),
      policyFileRoutes({
        ...parts,
        reload: control.reload,
        ...(canWrite && { writeIn: config.policies }),
      }),
      simulateRoutes({ ...parts, source: { ...config, clock: parts.clock, tags: upstream.tags } }),
      operationRoutes(),
      openApiRoute(),
    ],
  });
  return { router, streams };
}

/** What answers out of the decisions in memory, after all that any process has answered is among them. */
const FROM_DECISIONS = ['/decisions', '/coverage', '/policy', '/simulate', '/replay'];

const catchingUp = (catchUp: () => Promise<void>): Router =>
  Router().use(FROM_DECISIONS, async (_request, _response, next) => {
    await catchUp();
    next();
  });
