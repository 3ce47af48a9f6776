import { type Response, Router } from 'express';
import type { Directory, DirectoryPolicy } from '../directory/directory.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { finish } from '../lib/steps.ts';
import { iamActions } from '../model/iam-actions.ts';
import { advisePolicy } from '../policy/advise.ts';
import { parsePolicy } from '../policy/parse.ts';
import { only, refuse } from './admin-router.ts';
import { checkBody, readJsonBody } from './body.ts';
import { editedDirectory } from './edited-directory.ts';
import { digestOf, formatOf, sourceView, textOf } from './policy-source.ts';
import { LINT_BODY, SOURCE_BODY } from './requests.ts';
import { writePolicyFile } from './write-policy-file.ts';

export interface PolicyFileRoutesOptions {
  /** The last valid state of the folder. */
  readonly directory: () => Directory;
  /** Where files may be written (`console.write`); absent where they may not. */
  readonly writeIn?: string;
  readonly reload: () => Promise<readonly Diagnostic[]>;
}

/** The response to `GET policies`. */
export interface PolicyList {
  readonly policies: readonly ReturnType<typeof describe>[];
}

/** The response to `PUT policies/{name}/source`. */
export interface WrittenPolicy {
  readonly backup: string;
  /** What is wrong with the folder now. */
  readonly problems: readonly Diagnostic[];
}

/** The response to `POST lint`. */
export interface LintFindings {
  readonly findings: readonly Diagnostic[];
}

/** `/_authz/policies`, their sources, and `/_authz/lint`. */
export function policyFileRoutes({ directory, writeIn, reload }: PolicyFileRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const find = (name: string): DirectoryPolicy | undefined =>
    directory().policies.find(({ policy }) => policy.name === name);
  const isWritable = ({ owner, policy }: DirectoryPolicy): boolean =>
    writeIn !== undefined && owner === 'customer' && policy.file !== undefined;

  router
    .get(
      '/policies',
      (_, response) =>
        void response.json({ policies: directory().policies.map(describe) } satisfies PolicyList),
    )
    .all('/policies', only('GET'));
  router
    .get('/policies/:name/source', async (request, response) => {
      const entry = find(request.params.name);
      if (entry === undefined) return refuseUnknown(response, request.params.name);
      const text = await textOf(entry.policy);
      if (!text.ok) return refuse(response, 409, 'Unreadable', text.error.message);
      return void response.json(sourceView(entry, text.value, isWritable(entry)));
    })
    .put<{ name: string }>('/policies/:name/source', readJsonBody, async (request, response) => {
      const entry = find(request.params.name);
      if (entry === undefined) return refuseUnknown(response, request.params.name);
      const body = checkBody(SOURCE_BODY, request.body, response);
      if (body === undefined) return;
      const { file, name } = entry.policy;
      if (!isWritable(entry) || writeIn === undefined || file === undefined)
        return refuse(response, 403, 'NotWritable', READ_ONLY);
      const replace = [{ name, text: body.text }];
      const edited = finish(editedDirectory(directory(), { off: [], offLayers: [], replace }));
      if (!edited.ok)
        return void response.status(422).json({
          error: { code: 'InvalidPolicy', message: 'The policy is not valid.' },
          policies: edited.error,
        });
      const present = await textOf(entry.policy);
      if (!present.ok || digestOf(present.value) !== body.ifDigest)
        return refuse(response, 409, 'Changed', `${file} has changed since it was read. Load it again.`);
      const written = await writePolicyFile(file, body.text, writeIn);
      if (!written.ok) return refuse(response, 403, 'NotWritable', written.error);
      return void response.json({
        backup: written.value,
        problems: await reload(),
      } satisfies WrittenPolicy);
    })
    .all('/policies/:name/source', only('GET', 'PUT'));
  router
    .post('/lint', readJsonBody, (request, response) => {
      const body = checkBody(LINT_BODY, request.body, response);
      if (body === undefined) return;
      const entry = body.name === undefined ? undefined : find(body.name);
      const findings = findingsOf(body.text, entry ? formatOf(entry.policy) : 'json');
      response.json({ findings } satisfies LintFindings);
    })
    .all('/lint', only('POST'));
  return router;
}

const READ_ONLY =
  'This policy cannot be written from here. Set console.write to true in proxy.yaml, and edit policies of the policies folder only.';

const refuseUnknown = (response: Response, name: string): void =>
  refuse(response, 404, 'NotFound', `There is no policy ${name}.`);

const describe = ({ policy, owner, attachments }: DirectoryPolicy) => ({
  name: policy.name,
  owner,
  ...(policy.arn !== undefined && { arn: policy.arn }),
  ...(policy.file !== undefined && { file: policy.file }),
  statements: policy.policy.statements.length,
  attachments,
});

function findingsOf(text: string, format: 'json' | 'yaml'): readonly Diagnostic[] {
  const parsed = parsePolicy(text, { format });
  if (!parsed.ok) return parsed.error;
  return [...parsed.value.warnings, ...advisePolicy(parsed.value.policy, iamActions(), {})];
}
