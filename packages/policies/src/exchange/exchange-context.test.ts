import { beforeAll, describe, expect, it } from 'vitest';
import { runPolicy } from '../testing/index.ts';
import { TestAuthority } from '../testing/test-authority.ts';

describe('certificates of the context', () => {
  let root: TestAuthority;
  let client: TestAuthority;
  beforeAll(async () => {
    root = await TestAuthority.make({ name: 'CN=Root', isAuthority: true });
    client = await TestAuthority.make({ name: 'CN=client' }, root);
  });

  async function evaluate(expression: string, trusted: readonly TestAuthority[]): Promise<string> {
    const { body } = await runPolicy(
      { inbound: `<return-response><set-body>${expression}</set-body></return-response>` },
      {
        request: { certificate: client.der },
        certificates: Object.fromEntries(
          trusted.map(({ pem }, i) => [`c${i}`, { certificatePem: pem, privateKeyPem: null }]),
        ),
      },
    );
    return body;
  }
  const verify = '@(context.Request.Certificate.Verify() + "," + context.Request.Certificate.VerifyNoRevocation())';

  it('are trusted when their chain ends at one of the service', async () => {
    expect(await evaluate(verify, [root])).toBe('True,True');
  });

  it('are not trusted without it', async () => {
    expect(await evaluate(verify, [])).toBe('False,False');
  });

  it('are those of the service, by id', async () => {
    expect(await evaluate('@(context.Deployment.Certificates["c0"].Subject)', [root])).toBe('CN=Root');
  });
});
