import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import type { ActionReference } from '../policy/action-reference.ts';
import type { Statement } from '../policy/ast.ts';
import { isRcpService } from '../policy/rcp-services.ts';
import type { Budget } from './budget.ts';
import { patternCodes } from './languages.ts';
import { readableText } from './letters.ts';
import { searchWord } from './word-search.ts';

/** What stands for a wildcard in a name that the reference does not know. */
const UNLISTED = 'Unlisted';
const UNLISTED_LETTER = 'U';

/** Pairs of patterns whose common names are looked for; more than real policies have of one service. */
const MOST_PAIRS = 400;

/** Action names in lower case -> as people write them. */
type Names = ReadonlyMap<string, string>;

/**
 * The action names that a proof asks about, by service: those of the Service Authorization Reference, those that policies
 * spell out, and names that are not known yet: one for each pattern of the policies, and one for each two that overlap.
 * Only services of which `wanted` statements can name an action.
 */
export class ActionNames {
  /** The ARN templates of the services that stand for themselves: each named one, where all others share any ARN. */
  readonly #formats: ReadonlyMap<string, readonly string[] | undefined>;
  readonly #listed: ReadonlyMap<string, Names>;
  readonly #unlisted = new Map<string, Map<string, string>>();

  constructor(
    reference: ActionReference,
    statements: readonly Statement[],
    wanted: readonly Statement[],
    budget: Budget,
  ) {
    const services = servicesOf(wanted);
    const patterns = [...new Set(statements.flatMap(patternsOf))].filter((text) => isAsked(text, services));
    const asked = services ?? tellingServices(reference, patterns);
    const named = new Set(patterns.filter(hasOneService).map(serviceOf));
    this.#formats = new Map([...named].map((service) => [service, reference.resourceArnsOf(service)]));
    this.#listed = new Map([...asked].map((service) => [service, namesOf(service, reference)]));
    for (const text of patterns) this.#add(instanceOf(text));
    for (const name of commonNames(patterns, budget)) this.#add(name);
  }

  /** The ARN templates of a service, where its actions stand for no other's. */
  formatsOf(service: string): readonly string[] | undefined {
    return this.#formats.get(service);
  }

  #add(name: string): void {
    if (this.isListed(name.toLowerCase())) return;
    const names = this.#unlisted.get(serviceOf(name)) ?? new Map<string, string>();
    names.set(name.toLowerCase(), name);
    this.#unlisted.set(serviceOf(name), names);
  }

  /** The name as people write it. */
  spelled(action: string): string {
    const service = serviceOf(action);
    return this.#listed.get(service)?.get(action) ?? this.#unlisted.get(service)?.get(action) ?? action;
  }

  isListed(action: string): boolean {
    return this.#listed.get(serviceOf(action))?.has(action) ?? false;
  }

  /** Every name, in lower case, those that the reference knows first. */
  *all(): Iterable<string> {
    for (const names of [...this.#listed.values(), ...this.#unlisted.values()]) yield* names.keys();
  }

  /** The names, in lower case, that a pattern takes in. */
  *matching(pattern: string): Iterable<string> {
    const wanted = parsePattern(pattern.toLowerCase());
    const service = serviceOf(pattern);
    const names = hasOneService(pattern)
      ? [...(this.#listed.get(service)?.keys() ?? []), ...(this.#unlisted.get(service)?.keys() ?? [])]
      : this.all();
    for (const name of names) if (matchesPattern(wanted, name)) yield name;
  }
}

const serviceOf = (action: string): string => action.slice(0, Math.max(action.indexOf(':'), 0)).toLowerCase();

const hasOneService = (pattern: string): boolean => pattern.includes(':') && !/[*?]/.test(serviceOf(pattern));

const patternsOf = ({ action }: Statement): readonly string[] => action.patterns.map(({ text }) => text);

/** The services that statements name; `undefined` where they name all. */
function servicesOf(statements: readonly Statement[]): ReadonlySet<string> | undefined {
  const isOpen = (statement: Statement): boolean =>
    statement.action.element === 'NotAction' || !patternsOf(statement).every(hasOneService);
  return statements.some(isOpen) ? undefined : new Set(statements.flatMap(patternsOf).map(serviceOf));
}

/**
 * Services whose actions an open statement must be asked about: those that patterns name, those whose resources are
 * known, and one of all others for each answer to whether resource control policies reach it. Nothing else tells those
 * others apart, unless a pattern names actions of every service.
 */
function tellingServices(reference: ActionReference, patterns: readonly string[]): ReadonlySet<string> {
  if (patterns.some((text) => text !== '*' && !hasOneService(text))) return reference.services;
  const named = new Set(patterns.map(serviceOf));
  const others = new Map<boolean, string>();
  const telling = [...reference.services].filter((service) => {
    if (named.has(service) || isDescribed(service, reference)) return true;
    const reached = isRcpService(service);
    if (others.has(reached)) return false;
    others.set(reached, service);
    return true;
  });
  return new Set(telling);
}

/** Whether the reference knows the resources of a service's actions. */
function isDescribed(service: string, reference: ActionReference): boolean {
  const [first] = reference.actionsOf(service) ?? [];
  return first !== undefined && reference.describe(service, first) !== undefined;
}

const isAsked = (pattern: string, services: ReadonlySet<string> | undefined): boolean =>
  services === undefined || (hasOneService(pattern) && services.has(serviceOf(pattern)));

const listed = new WeakMap<ActionReference, Map<string, Names>>();

/** Read once for all proofs. */
function namesOf(service: string, reference: ActionReference): Names {
  const known = listed.get(reference) ?? new Map<string, Names>();
  listed.set(reference, known);
  const names = [...(reference.actionsOf(service) ?? [])].map((name) => `${service}:${name}`);
  const made = known.get(service) ?? new Map(names.map((name) => [name.toLowerCase(), name]));
  known.set(service, made);
  return made;
}

const instanceOf = (pattern: string): string =>
  (pattern === '*' ? '*:*' : pattern).replaceAll('*', UNLISTED).replaceAll('?', UNLISTED_LETTER);

/** Names that two overlapping patterns have in common, where neither's own instance is one. */
function commonNames(patterns: readonly string[], budget: Budget): readonly string[] {
  const open = patterns.filter((text) => /[*?]/.test(text) && hasOneService(text));
  const found: string[] = [];
  let pairs = 0;
  for (const [index, one] of open.entries())
    for (const other of open.slice(index + 1)) {
      if (serviceOf(one) !== serviceOf(other) || isNested(one, other) || isNested(other, one)) continue;
      pairs += 1;
      if (pairs > MOST_PAIRS) return found;
      const languages = [one, other].map((text) => [patternCodes(text.toLowerCase())]);
      const result = searchWord(
        languages.map((language) => ({ language, accepted: true })),
        budget,
      );
      if (result.kind === 'word') found.push(readableText(result.word, languages.flat()));
    }
  return found;
}

/** Whether the instance of one pattern is one of the other's. */
const isNested = (one: string, other: string): boolean =>
  matchesPattern(parsePattern(other.toLowerCase()), instanceOf(one).toLowerCase());
