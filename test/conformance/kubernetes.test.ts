import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1.d.ts';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startProxy } from '../../src/index.ts';
import { ROOT } from '../architecture/source-graph.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';

/** Types made of the published OpenAPI schemas of Kubernetes, by kind. */
interface Manifests {
  readonly ConfigMap: ConfigMap;
  readonly Deployment: Deployment;
  readonly Service: Service;
}

type Kind = keyof Manifests;

const manifests = parseAllDocuments(
  readFileSync(join(ROOT, 'examples/replicas/kubernetes.yaml'), 'utf8'),
).map((document) => document.toJS() as { readonly kind: Kind } & Manifests[Kind]);

function find<Found extends Kind>(kind: Found, name: string): Manifests[Found] {
  const found = manifests.find((each) => each.kind === kind && each.metadata?.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found as Manifests[Found];
}

/** The pod template of a Deployment, and its only container. */
function podOf(name: string) {
  const { template, selector } = find('Deployment', name).spec ?? {};
  const [container] = template?.spec?.containers ?? [];
  if (template?.spec === undefined || container === undefined) throw new Error(`${name} has no container`);
  return { selector, template, spec: template.spec, container };
}

describe('the Kubernetes manifest', () => {
  it('has only members of the Kubernetes API', () => {
    using folder = new TemporaryFolder();
    const source = [
      "import type { Deployment } from 'kubernetes-types/apps/v1.d.ts';",
      "import type { ConfigMap, Service } from 'kubernetes-types/core/v1.d.ts';",
      ...manifests.map((manifest) => `(${JSON.stringify(manifest)}) satisfies ${manifest.kind};`),
    ].join('\n');
    const check = (text: string): string => {
      const file = folder.write('manifest.ts', text);
      const paths = JSON.stringify({ '*': [`${ROOT}node_modules/*`] });
      folder.write(
        'tsconfig.json',
        `{"compilerOptions":{"noEmit":true,"strict":true,"module":"nodenext","skipLibCheck":true,"paths":${paths}},"files":["${file}"]}`,
      );
      try {
        execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder.path]);
        return '';
      } catch (cause) {
        return String((cause as { readonly stdout: Buffer }).stdout);
      }
    };
    expect(check(source.replace('readinessProbe', 'readinesProbe'))).toContain('readinesProbe');
    expect(check(source)).toBe('');
  }, 60_000);

  it('selects its own pods, and probes the port that they listen on', () => {
    for (const name of ['authz', 'authz-redis']) {
      const { selector, template, container } = podOf(name);
      const service = find('Service', name).spec;
      expect(template.metadata?.labels).toMatchObject(service?.selector ?? { none: '' });
      expect(selector?.matchLabels).toEqual(service?.selector);
      expect(container.ports?.map(({ name: port }) => port)).toEqual(
        service?.ports?.map(({ targetPort }) => targetPort),
      );
    }
    const { spec } = podOf('authz');
    for (const { configMap } of spec.volumes ?? [])
      if (configMap?.name) expect(find('ConfigMap', configMap.name).data).toBeDefined();
    // A Service named authz would set AUTHZ_PORT, which is a setting.
    expect(spec.enableServiceLinks).toBe(false);
  });

  it('has a configuration that works, with the paths of its mounts and probes', async () => {
    using folder = new TemporaryFolder();
    const { spec, container } = podOf('authz');
    for (const { name, mountPath } of container.volumeMounts ?? []) {
      const configMap = spec.volumes?.find((volume) => volume.name === name)?.configMap?.name;
      for (const [file, text] of Object.entries((configMap && find('ConfigMap', configMap).data) || {}))
        folder.write(`${mountPath}/${file}`, text);
    }
    const [, , config = ''] = container.args ?? [];
    const env = { AUTHZ_SESSION_KEY: Buffer.alloc(32, 7).toString('base64') };
    await using proxy = await startProxy({
      config: join(folder.path, config),
      env,
      state: 'memory',
      host: '127.0.0.1',
    });

    expect(proxy.config.listen.adminHosts).toContain('authz');
    for (const probe of [container.readinessProbe, container.livenessProbe])
      expect((await fetch(`${proxy.url}${probe?.httpGet?.path}`)).status).toBe(200);
    expect(container.env?.map(({ name }) => name)).toEqual(Object.keys(env));
  });
});
