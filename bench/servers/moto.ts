import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Credentials } from '../calls.ts';
import { KEY, POLICIES } from '../folder.ts';
import { ServerProcess } from '../server-process.ts';

/** Requests that moto answers before it enforces policies: those that create the caller below. */
const FREE_REQUESTS = 2 + Object.keys(POLICIES).length;

/** moto's server with IAM enforced, and its one user with the same three policies. @throws where it is not installed */
export async function startMoto(): Promise<{
  readonly server: ServerProcess;
  readonly credentials: Credentials;
}> {
  const server = await ServerProcess.start(['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    command: 'python3',
    env: { INITIAL_NO_AUTH_ACTION_COUNT: String(FREE_REQUESTS) },
    ready: /Running on (http:\S+)/,
  });
  try {
    return { server, credentials: await createCaller(server.url) };
  } catch (cause) {
    await server[Symbol.asyncDispose]();
    throw cause;
  }
}

async function createCaller(endpoint: string): Promise<Credentials> {
  const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: KEY });
  const UserName = 'shop';
  try {
    await iam.send(new CreateUserCommand({ UserName }));
    for (const [PolicyName, PolicyDocument] of Object.entries(POLICIES))
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error('moto created no access key');
    return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  } finally {
    iam.destroy();
  }
}
