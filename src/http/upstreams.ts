import type { Fault } from '../errors.ts';
import { ok, type Result } from '../lib/result.ts';
import { openStub, type StubSettings, type StubSurroundings } from './open-stub.ts';
import { embeddedUpstream } from './stub-upstream.ts';
import type { Upstream } from './upstream.ts';

/** A stub on this machine answers at once; one that is silent for this long is stuck. */
const TIMEOUT_MILLIS = 30_000;

/** What of the configuration an upstream depends on. */
export interface UpstreamSettings extends StubSettings {
  /** `embedded`, `aws`, or an address. */
  readonly upstream: string;
}

/** The upstream that the configuration names. What only another one needs is not loaded: it would cost every start. */
export async function openUpstream(
  settings: UpstreamSettings,
  surroundings: StubSurroundings,
): Promise<Result<Upstream, readonly Fault[]>> {
  const { upstream, region, partition } = settings;
  if (upstream === 'embedded') {
    const opened = await openStub(settings, surroundings);
    return opened.ok ? ok(embeddedUpstream(opened.value, settings)) : opened;
  }
  if (upstream === 'aws') {
    const { awsUpstream } = await import('./aws-upstream.ts');
    return ok(awsUpstream({ region, partition, clock: surroundings.clock }));
  }
  const { httpUpstream } = await import('./forward.ts');
  return ok(httpUpstream({ description: upstream, target: () => upstream, timeoutMillis: TIMEOUT_MILLIS }));
}
