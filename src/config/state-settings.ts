import { z } from 'zod';
import * as values from './values.ts';

const { choice, OPTIONAL_FILE, OPTIONAL_FOLDER } = values;

/** The keys of `proxy.yaml` about what a proxy keeps and shows: a part of the table. */
export const STATE_SETTINGS = {
  'session.key': {
    flag: 'session-key',
    ...choice('file', 'env'),
    summary: 'Where the key of session tokens comes from',
    details: '`env`: the variable holds the key itself, 32 bytes in base64.',
  },
  'session.file': {
    flag: 'session-file',
    ...OPTIONAL_FILE,
    summary: 'File with the key of session tokens, created on first use',
    details: 'Without it, `.authz/session.key` beside the configuration file.',
  },
  'decisions.file': {
    flag: 'decisions-file',
    ...OPTIONAL_FILE,
    summary: 'File to append decision records to',
  },
  'decisions.format': {
    flag: 'decisions-format',
    ...choice('jsonl', 'cloudtrail'),
    summary: 'Format of the decision log',
    details: '`cloudtrail` writes CloudTrail records: [the decision log](decision-log.md).',
  },
  'decisions.maxBytes': {
    flag: 'decisions-max-bytes',
    form: 'number',
    schema: z.int().min(1024, { error: 'must be at least 1024 bytes' }).default(104_857_600),
    summary: 'Rotate the decision log at this size, in bytes',
    details: 'The full file becomes `FILE.1`.',
  },
  'decisions.keep': {
    flag: 'decisions-keep',
    form: 'number',
    schema: z.int().min(1, { error: 'must be at least 1 file' }).default(10),
    summary: 'How many rotated decision logs to keep',
  },
  state: {
    flag: 'state',
    form: 'memory|redis://host',
    schema: values.state.default('memory'),
    summary: 'What replicas behind a balancer share: decisions, mode, used one-time codes, the stub',
    details: '`memory` is for one replica, `redis://<host>` for several ([several processes](scaling.md)).',
  },
  'stub.store': {
    flag: 'stub-store',
    form: 'memory|sqlite:file|redis://host',
    schema: values.store.default('memory'),
    path: 'sqlite',
    summary: 'Where the stub stores its resources',
    details:
      '`memory` (with `state: redis://<host>` that Redis), `sqlite:<file>` or `redis://<host>` ([the stub](stub.md)).',
  },
  'stub.transitionSeconds': {
    flag: 'stub-transition-seconds',
    form: 'number',
    schema: values.seconds.default(0),
    summary: 'How long the stub takes to create a resource, in seconds',
    details: '0 completes at once.',
  },
  'stub.fixtures': {
    flag: 'stub-fixtures',
    ...OPTIONAL_FILE,
    summary: 'Script for the stub: failures, recommendations, throttling',
  },
  'stub.seed': {
    flag: 'stub-seed',
    ...OPTIONAL_FOLDER,
    summary: 'Folder of resources that the stub starts with',
  },
  'console.write': {
    flag: 'console-write',
    form: 'true|false',
    schema: values.flag.default(false),
    summary: 'Whether the console may write policy files',
    details: 'It keeps a backup of each file that it writes ([the console](console.md)).',
  },
  'console.editor': {
    flag: 'console-editor',
    form: 'link',
    schema: values.editorLink.default('vscode://file/{path}:{line}'),
    summary: 'Link that opens a line of a file in an editor',
    details:
      '`{path}` (absolute), `{file}` (relative to the folder in which the proxy runs) and `{line}` are replaced. For a proxy in a container: `vscode://file/home/me/shop/{file}:{line}`.',
  },
} as const satisfies Readonly<Record<string, values.SettingRow>>;
