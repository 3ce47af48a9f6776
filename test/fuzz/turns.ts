/** The longest turn of a target: targets take turns, one after the other, until the time is over. */
const MOST_TURN_MILLIS = 5_000;

/** How long a turn lasts, so that a short run reaches every target, too. */
export const turnMillis = (minutes: number, targets: number): number =>
  Math.min(MOST_TURN_MILLIS, (minutes * 60_000) / targets);

export interface Tally {
  readonly name: string;
  runs: number;
  failures: number;
}

/** The last line of a run, and its exit code. A target that had no run is no success: nothing was tried. */
export function summary(
  seed: number,
  tallies: readonly Tally[],
  missing: readonly string[],
): { readonly line: string; readonly exitCode: 0 | 1 } {
  const counts = tallies.map(({ name, runs }) => `${name} ${runs}`).join(', ');
  const failures = tallies.reduce((sum, tally) => sum + tally.failures, 0);
  const idle = tallies.filter(({ runs }) => runs === 0).map(({ name }) => name);
  const without = missing.length > 0 ? `; without ${missing.join(', ')}` : '';
  const untried = idle.length > 0 ? `; not tried: ${idle.join(', ')}` : '';
  return {
    line: `fuzz: seed ${seed}, ${counts}: ${failures} failures${without}${untried}`,
    exitCode: failures > 0 || idle.length > 0 ? 1 : 0,
  };
}
