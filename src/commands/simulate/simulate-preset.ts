import type { Simulation } from '../../explanation/simulation.ts';
import { ok, type Result } from '../../lib/result.ts';
import { consolePermissions, type Permission } from './console.ts';
import type { QuestionDiagnostic } from './question-diagnostics.ts';
import { type SimulateAsOptions, simulateAs } from './simulate-as.ts';

/** Sets of permissions that are asked for together. */
export const PRESETS = ['console'] as const;
export type Preset = (typeof PRESETS)[number];

/** A permission that is not there, and why. */
export interface MissingPermission
  extends Permission,
    Pick<Simulation, 'decision' | 'layer' | 'determining' | 'message' | 'cause' | 'missingKeys'> {}

/** Which permissions of a preset a principal has, as `simulate --preset --json` prints it. */
export interface PresetReport {
  readonly preset: Preset;
  readonly principal: string;
  /** `allowed` where none is missing. */
  readonly decision: 'allowed' | 'incomplete';
  readonly allowed: readonly Permission[];
  readonly missing: readonly MissingPermission[];
}

/** Browsers reach the console over TLS only. */
const CONTEXT: SimulateAsOptions['context'] = { 'aws:SecureTransport': 'true' };

/**
 * Asks for every permission of a preset, each on all resources of its type.
 * @returns what is wrong with the principal's name, where no principal has it
 */
export function simulatePreset(
  preset: Preset,
  options: Omit<SimulateAsOptions, 'action' | 'resource'>,
): Result<PresetReport, readonly QuestionDiagnostic[]> {
  const { region, directory } = options;
  const { account, partition } = directory;
  const simulations: Simulation[] = [];
  for (const permission of consolePermissions({ partition, region, account })) {
    const simulated = simulateAs({
      ...options,
      ...permission,
      context: { ...CONTEXT, ...options.context },
      // One context goes with permissions of many kinds.
      allowUnknown: true,
    });
    if (!simulated.ok) return simulated;
    simulations.push(simulated.value);
  }
  const missing = simulations.filter(({ decision }) => decision !== 'allowed').map(missingPermission);
  return ok({
    preset,
    principal: simulations[0]?.principal ?? options.as,
    decision: missing.length === 0 ? 'allowed' : 'incomplete',
    allowed: simulations
      .filter(({ decision }) => decision === 'allowed')
      .map(({ action, resource }) => ({ action, resource })),
    missing,
  });
}

function missingPermission(simulation: Simulation): MissingPermission {
  const { action, resource, decision, layer, determining, message, cause, missingKeys } = simulation;
  return {
    action,
    resource,
    decision,
    layer,
    determining,
    ...(message !== undefined && { message }),
    ...(cause !== undefined && { cause }),
    missingKeys,
  };
}
