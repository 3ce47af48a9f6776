import { didYouMean } from '../../lib/nearest.ts';

/** The values of `--value` by their names, which remember what was looked up. */
export class GivenValues extends Map<string, string> {
  readonly #lookedUp = new Set<string>();

  override get(name: string): string | undefined {
    this.#lookedUp.add(name);
    return super.get(name);
  }

  override has(name: string): boolean {
    this.#lookedUp.add(name);
    return super.has(name);
  }

  /**
   * Sentences about names that the source does not have: nothing looked them up, and a part of them is not in its text. One
   * that the source has but does not need is not an error.
   */
  unknownNames(text: string): readonly string[] {
    return [...this.keys()]
      .filter(
        (name) =>
          !this.#lookedUp.has(name) && (name.match(/[\w-]+/g) ?? []).some((part) => !text.includes(part)),
      )
      .map((name) => `--value ${name}: the source has no such name${didYouMean(name, this.#lookedUp)}`);
  }
}
