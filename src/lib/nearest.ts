import { distance } from 'fastest-levenshtein';

/**
 * The candidate most similar to a misspelled name, or `undefined` if none is similar enough.
 *
 * The limit is one edit for every three characters begun (so that swapped letters in `prot` are within it), ignoring
 * case; the first of equally similar candidates wins. A name that differs only in case always matches.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.ceil(wanted.length / 3) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue; // the difference in length alone exceeds the limit
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}

/**
 * `; did you mean "x"?`, or an empty string if no candidate is similar: the end of a message about an unknown name.
 */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearest(name, candidates);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
