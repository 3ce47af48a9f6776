import type { EmbeddedElsewhere } from '../../calls/embedded.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { elsewhereUpstream, embeddedUpstream } from './embedded-upstream.ts';
import { openStub, type StubDependencies, type StubSettings } from './open-stub.ts';
import type { PersonalizeUpstream } from './upstream.ts';

/** What of the configuration an upstream depends on. */
export interface UpstreamSettings extends StubSettings {
  /** `embedded`, `aws`, or an address. */
  readonly upstream: string;
  /** What this proxy's own questions to an upstream at an address are signed with. */
  readonly upstreamCredentials: 'none' | 'ambient';
  readonly resourceTagSeconds: number;
}

/**
 * The upstream that the configuration names; `elsewhere` has the embedded stub where this process has not.
 * What only another one needs is not loaded: it would cost every start.
 */
export async function openUpstream(
  settings: UpstreamSettings,
  deps: StubDependencies,
  elsewhere?: EmbeddedElsewhere,
): Promise<Result<PersonalizeUpstream, readonly Diagnostic[]>> {
  const { upstream, region, partition, resourceTagSeconds } = settings;
  const { clock } = deps;
  if (upstream === 'embedded' && elsewhere) return ok(elsewhereUpstream(elsewhere));
  if (upstream === 'embedded') {
    const opened = await openStub(settings, deps);
    return opened.ok ? ok(embeddedUpstream(opened.value, settings)) : opened;
  }
  if (upstream === 'aws') {
    const { awsUpstream } = await import('./aws-upstream.ts');
    return ok(awsUpstream({ region, partition, clock, resourceTagSeconds }));
  }
  const { addressUpstream } = await import('./address-upstream.ts');
  return ok(await addressUpstream(upstream, { ...settings, clock }));
}
