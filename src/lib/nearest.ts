import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a mistyped name most likely meant, or `undefined` where none is near.
 *
 * Near is at most one edit for every three characters begun (so that two swapped letters of `prot` are near), letters
 * compared without their case; of equally near candidates the first wins. An exact match in another case is always near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.ceil(wanted.length / 3) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue; // no need to measure: too far by length alone
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}

/** `; did you mean "x"?`, or nothing where no candidate is near: the end of a message about an unknown name. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearest(name, candidates);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
