/** A command as shells complete it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** The words that can be its first argument. */
  readonly words: readonly string[];
}

export interface CompletedOption {
  /** `--format` */
  readonly flag: string;
  readonly summary: string;
  readonly takesValue: boolean;
  /** What its value can be; empty where it can be anything. */
  readonly choices: readonly string[];
}

const PROGRAM = 'personalize-authz-proxy';
const FUNCTION = '_personalize_authz_proxy';

/** Scripts that complete commands, options and values of options, by shell. */
export const COMPLETIONS = { bash, zsh, fish } as const satisfies Readonly<
  Record<string, (commands: readonly CompletedCommand[]) => string>
>;

export type Shell = keyof typeof COMPLETIONS;

/** Without a match, bash completes file names. */
function bash(commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ flag, choices }) => `    '${name} ${flag}') words='${choices.join(' ')}' ;;`),
  );
  const free = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue, choices }) => takesValue && choices.length === 0)
      .map(({ flag }) => `'${name} ${flag}'`),
  );
  const words = commands.map(
    ({ name, options, words }) =>
      `      ${name}) words='${[...words, ...options.map(({ flag }) => flag)].join(' ')}' ;;`,
  );
  return [
    `${FUNCTION}() {`,
    "  local words=''",
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}',
    '  case "$command $previous" in',
    ...values,
    `    ${free.join('|')}) ;;`,
    `    *) if [ "$COMP_CWORD" -eq 1 ]; then words='${commands.map(({ name }) => name).join(' ')}'`,
    '    else case "$command" in',
    ...words,
    '      esac',
    '    fi ;;',
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    `complete -o default -F ${FUNCTION} ${PROGRAM}`,
    '',
  ].join('\n');
}

function zsh(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, options, words }) => {
    const specs = options.map(({ flag, summary, takesValue, choices }) => {
      const value = choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files';
      return quoted(`${flag}[${summary.replaceAll(/[[\]:]/g, ' ')}]${takesValue ? value : ''}`);
    });
    const first = words.length > 0 ? [quoted(`1:word:(${words.join(' ')})`)] : [];
    return `    ${name}) _arguments ${[...first, ...specs, quoted('*:file:_files')].join(' ')} ;;`;
  });
  return [
    `#compdef ${PROGRAM}`,
    `${FUNCTION}() {`,
    '  if (( CURRENT == 2 )); then',
    '    local -a commands',
    `    commands=(${commands.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(':', ' ')}`)).join(' ')})`,
    '    _describe command commands',
    '    return',
    '  fi',
    '  local command=${words[2]}',
    '  shift words',
    '  (( CURRENT-- ))',
    '  case $command in',
    ...cases,
    '  esac',
    '}',
    `compdef ${FUNCTION} ${PROGRAM}`,
    '',
  ].join('\n');
}

function fish(commands: readonly CompletedCommand[]): string {
  const line = (condition: string, rest: string): string =>
    `complete -c ${PROGRAM} -n '${condition}' ${rest}`;
  return [
    ...commands.map(({ name, summary }) =>
      line('__fish_use_subcommand', `-f -a ${name} -d ${quoted(summary)}`),
    ),
    ...commands.flatMap(({ name, options, words }) => {
      const seen = `__fish_seen_subcommand_from ${name}`;
      return [
        ...(words.length > 0 ? [line(seen, `-f -a '${words.join(' ')}'`)] : []),
        ...options.map(({ flag, summary, takesValue, choices }) => {
          const value = choices.length > 0 ? `-x -a '${choices.join(' ')}' ` : '-r ';
          return line(seen, `-l ${flag.slice(2)} ${takesValue ? value : ''}-d ${quoted(summary)}`);
        }),
      ];
    }),
    '',
  ].join('\n');
}

/** In single quotes, as all three shells read it. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`;
