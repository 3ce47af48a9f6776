import type { Clock } from '../lib/clock.ts';
import type { Scope } from '../services/personalize/call.ts';
import { createStub, type PersonalizeStub } from '../services/personalize/stub.ts';
import { embeddedUpstream } from './stub-upstream.ts';
import type { Upstream } from './upstream.ts';

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

/** The upstream that the configuration names. What only another one needs is not loaded: it would cost every start. */
export async function openUpstream(
  settings: UpstreamSettings,
  surroundings: Surroundings,
): Promise<Upstream> {
  const { upstream, region, partition } = settings;
  if (upstream === 'embedded') return embeddedUpstream(openStub(settings, surroundings), settings);
  if (upstream === 'aws') {
    const { awsUpstream } = await import('./aws-upstream.ts');
    return awsUpstream({ region, partition, clock: surroundings.clock });
  }
  const { httpUpstream } = await import('./forward.ts');
  return httpUpstream({ description: upstream, target: () => upstream, timeoutMillis: TIMEOUT_MILLIS });
}

export const openStub = (
  { stub }: Pick<UpstreamSettings, 'stub'>,
  { clock, newId }: Surroundings,
): PersonalizeStub => createStub({ clock, ids: newId, transitionSeconds: stub.transitionSeconds });
