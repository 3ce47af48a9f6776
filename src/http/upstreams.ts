import type { Clock } from '../lib/clock.ts';
import type { Scope } from '../services/personalize/call.ts';
import { createStub, type PersonalizeStub } from '../services/personalize/stub.ts';
import { awsUpstream } from './aws-upstream.ts';
import { httpUpstream, type Upstream } from './forward.ts';
import { embeddedUpstream } from './stub-upstream.ts';

/** A stub on this machine answers at once; one that is silent for this long is stuck. */
const TIMEOUT_MILLIS = 30_000;

/** What of the configuration an upstream depends on. */
export interface UpstreamSettings extends Scope {
  /** `embedded`, `aws`, or an address. */
  readonly upstream: string;
  readonly stub: { readonly transitionSeconds: number };
}

export interface Surroundings {
  readonly clock: Clock;
  readonly newId: () => string;
}

/** The upstream that the configuration names. */
export function openUpstream(config: UpstreamSettings, surroundings: Surroundings): Upstream {
  const { upstream, region, partition } = config;
  if (upstream === 'embedded') return embeddedUpstream(openStub(config, surroundings), config);
  if (upstream === 'aws') return awsUpstream({ region, partition, clock: surroundings.clock });
  return httpUpstream({ description: upstream, target: () => upstream, timeoutMillis: TIMEOUT_MILLIS });
}

export const openStub = (
  { stub }: Pick<UpstreamSettings, 'stub'>,
  { clock, newId }: Surroundings,
): PersonalizeStub => createStub({ clock, ids: newId, transitionSeconds: stub.transitionSeconds });
