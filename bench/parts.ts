import { benchEngine } from './engine.ts';
import type { Section } from './figures.ts';
import { benchHttp } from './http.ts';
import { benchLatency } from './latency.ts';
import { benchMemory } from './memory.ts';
import type { Plan } from './plan.ts';
import { benchProofs } from './proofs.ts';
import { benchRequestPath } from './request-path.ts';
import { benchScale } from './scale.ts';
import { benchSigv4 } from './sigv4.ts';
import { benchStartUp } from './startup.ts';
import { benchStub } from './stub.ts';

/** What is measured, by the name that `--only` takes. */
export const PARTS: Readonly<Record<string, (plan: Plan) => Section | Promise<Section>>> = {
  http: benchHttp,
  latency: benchLatency,
  startup: benchStartUp,
  memory: benchMemory,
  scale: benchScale,
  path: benchRequestPath,
  sigv4: benchSigv4,
  engine: benchEngine,
  proofs: benchProofs,
  stub: benchStub,
};

/** What is measured in the process itself: each in one of its own, without what another one has left in memory. */
export const ALONE: ReadonlySet<string> = new Set(['path', 'sigv4', 'engine', 'proofs', 'stub']);
