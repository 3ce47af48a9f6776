import { type Codes, literal, RUN, RUN_IN_PART } from './codes.ts';

/** What a proof takes resources to be. */
export type ResourceUniverse =
  /** ARNs of the formats that the Service Authorization Reference has for an action, or else for its service. */
  | 'formats'
  /** ARNs of the formats that it has for the action's service. */
  | 'services'
  /** Any text with the six parts of an ARN. */
  | 'arns';

/** Which account a resource belongs to. */
export type Owner =
  | 'any'
  /** The account, or none: buckets, and what AWS itself owns. */
  | { readonly account: string };

/** An ARN of any service, for actions whose resources the reference does not describe. */
const ANY_ARN = 'arn:${Partition}:${Service}:${Region}:${Account}:${Resource}';
const PLACEHOLDER = /(\$\{[^}]*\})/;
const UNNAMED = '${}';
/** Of the services whose templates name their placeholders, those whose names hold no colon. */
const PLAIN_NAMES: ReadonlySet<string> = new Set(['access-analyzer', 'kms', 'personalize']);
const SERVICE_PART = 2;
const ACCOUNT_PART = 4;
const LAST_PART = 5;
/** Owners of resources that belong to no account. */
const NO_ACCOUNTS = ['', 'aws'];

/** The ARN templates of an action's resources, as far as they are known. */
export interface Formats {
  readonly action?: readonly string[] | undefined;
  readonly service?: readonly string[] | undefined;
}

/** The language of the resources that an action may be checked on: those of some formats, and `*`. */
export function resourceLanguage(
  formats: Formats,
  universe: ResourceUniverse,
  owner: Owner,
): readonly Codes[] {
  const known = {
    formats: formats.action ?? formats.service,
    services: formats.service,
    arns: undefined,
  } as const;
  const templates = known[universe] ?? [ANY_ARN];
  return [literal('*'), ...templates.flatMap((template) => languageOf(template, owner))];
}

function languageOf(template: string, owner: Owner): readonly Codes[] {
  const parts = template.split(':');
  const cut = [...parts.slice(0, LAST_PART), parts.slice(LAST_PART).join(':')];
  const isOpen = owner !== 'any' && PLACEHOLDER.test(cut[ACCOUNT_PART] ?? '');
  if (!isOpen) return [codesOf(cut)];
  return [owner.account, ...NO_ACCOUNTS].map((account) => codesOf(cut.with(ACCOUNT_PART, account)));
}

/** In the last part, where names are, a placeholder is any text, or one without a colon; in all others it holds none. */
function codesOf(parts: readonly string[]): Codes {
  const isPlain = PLAIN_NAMES.has(parts[SERVICE_PART] ?? '');
  return parts.flatMap((part, index) => [
    ...(index > 0 ? literal(':') : []),
    ...part
      .split(PLACEHOLDER)
      .flatMap((piece, at) =>
        at % 2 === 0
          ? literal(piece)
          : [index < LAST_PART || isPlain || piece === UNNAMED ? RUN_IN_PART : RUN],
      ),
  ]);
}
