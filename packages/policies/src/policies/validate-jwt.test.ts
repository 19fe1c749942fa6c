import { createHmac, randomBytes } from 'node:crypto';
import { toStringOf, typeNameOf } from '@lazuli/expressions';
import { expect, test } from 'vitest';
import type { HttpPort } from '../ports/ports.ts';
import { FakeClock, fakePorts, problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';
import { encryptToken, issuerKey, TokenIssuer } from '../testing/token-issuer.ts';

const [rsa, other] = [issuerKey('k1'), issuerKey('k2')];

function world() {
  const clock = new FakeClock();
  const issuer = new TokenIssuer(clock, [rsa]);
  const http: HttpPort = fakePorts({ http: issuer.answer }).http;
  const config = `<openid-config url="${issuer.metadataUrl}" />`;
  const call = (token: string | null, content: string = config, attributes = '', init: RunPolicyInit = {}) =>
    runPolicy(
      { inbound: `<validate-jwt header-name="Authorization" ${attributes}>${content}</validate-jwt>` },
      {
        ports: { http },
        clock,
        ...init,
        request: { ...(token === null ? {} : { headers: { Authorization: `Bearer ${token}` } }), ...init.request },
      },
    );
  const reason = async (...given: Parameters<typeof call>) =>
    (await call(...given)).exchange.lastError?.reason ?? 'good';
  const message = async (...given: Parameters<typeof call>) => (await call(...given)).exchange.lastError?.message;
  return { clock, issuer, http, config, call, reason, message };
}

const secret = randomBytes(64);
const symmetric = `<issuer-signing-keys><key>${secret.toString('base64')}</key></issuer-signing-keys>`;
const withKey = (content: string) => `<issuer-signing-keys><key ${content}</issuer-signing-keys>`;

test('a good token goes through', async () => {
  const { issuer, call } = world();
  expect((await call(await issuer.token())).status).toBe(200);
  expect(issuer.requests).toEqual([issuer.metadataUrl, `${issuer.url}/keys`]);
});

test('no token, to the byte', async () => {
  const { call } = world();
  const run = await call(null);
  expect([run.status, run.body, run.headers]).toEqual([
    401,
    '{ "statusCode": 401, "message": "JWT not present." }',
    { 'content-type': 'application/json' },
  ]);
  expect(run.exchange.lastError).toMatchObject({
    source: 'validate-jwt',
    reason: 'TokenNotPresent',
    message: 'JWT not present.',
  });
});

test('a bad token: the caller learns nothing, LastError everything', async () => {
  const { issuer, call } = world();
  const run = await call(await issuer.token({ exp: Date.UTC(2020, 5, 1) / 1000 }));
  expect([run.status, run.body]).toEqual([401, '{ "statusCode": 401, "message": "Invalid JWT." }']);
  expect(run.exchange.lastError).toMatchObject({
    reason: 'TokenExpired',
    message:
      "IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '6/1/2020 12:00:00 AM', Current time (UTC): '1/2/2026 3:04:05 AM'. Access denied.",
  });
});

test('status and message of the policy', async () => {
  const { call, config } = world();
  const run = await call(
    null,
    config,
    'failed-validation-httpcode="403" failed-validation-error-message="@("No" + "!")"',
  );
  expect([run.status, run.body]).toEqual([403, '{ "statusCode": 403, "message": "No!" }']);
});

test('where the token is taken from', async () => {
  const { issuer, http, config, clock } = world();
  const token = await issuer.token();
  const status = async (attributes: string, request: RunPolicyInit['request'] = {}) =>
    (
      await runPolicy(
        { inbound: `<validate-jwt ${attributes}>${config}</validate-jwt>` },
        { ports: { http }, clock, request },
      )
    ).status;
  expect(await status('header-name="X-Token"', { headers: { 'X-Token': token } })).toBe(200);
  expect(await status('header-name="Authorization"', { headers: { Authorization: token } })).toBe(200);
  const schemes = (scheme: string) =>
    status('header-name="authorization" require-scheme="Bearer"', { headers: { Authorization: `${scheme} ${token}` } });
  expect([await schemes('bearer'), await schemes('Token'), await schemes('')]).toEqual([200, 401, 401]);
  expect(await status('header-name="X-Token" require-scheme="Bearer"', { headers: { 'X-Token': token } })).toBe(200);
  expect(await status('query-parameter-name="t"', { url: `https://gateway.example/orders/1?T=${token}` })).toBe(200);
  expect(await status(`token-value="@("${token}" + "")"`)).toBe(200);
  expect(await status('token-value="@((string)null)"')).toBe(401);
});

test.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'])(
  '%s',
  async (algorithm) => {
    const { issuer, reason } = world();
    issuer.keys = [issuerKey('k', algorithm)];
    const token = await issuer.token();
    expect(await reason(token)).toBe('good');
    const [header, payload, signature = ''] = token.split('.');
    const forged = signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    expect(await reason(`${header}.${payload}.${forged}`)).toBe('TokenSignatureInvalid');
    const lie = Buffer.from(JSON.stringify({ iss: issuer.url, exp: 4e9, admin: true })).toString('base64url');
    expect(await reason(`${header}.${lie}.${signature}`)).toBe('TokenSignatureInvalid');
  },
);

test.each(['HS256', 'HS384', 'HS512'])('%s', async (alg) => {
  const { issuer, reason, message } = world();
  const token = await issuer.symmetric(secret, {}, { alg });
  expect(await reason(token, symmetric)).toBe('good');
  expect(await message(await issuer.symmetric(randomBytes(64), {}, { alg }), symmetric)).toMatch(
    /^IDX10503: Signature validation failed\. Token does not have a kid\. Keys tried: '1'\..* Access denied\.$/,
  );
});

test('a signature that fits does not help a token with critical extensions, nor another spelling of the signature', async () => {
  const { reason } = world();
  const sign = (header: object) => {
    const parts = [header, { exp: 4e9 }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const content = parts.join('.');
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
  };
  const good = sign({ alg: 'HS256' });
  expect(await reason(good, symmetric)).toBe('good');
  expect(await reason(sign({ alg: 'HS256', crit: ['x'], x: 1 }), symmetric)).toBe('TokenSignatureInvalid');
  expect(await reason(sign({ alg: 'HS256', crit: ['b64'], b64: true }), symmetric)).toBe('TokenSignatureInvalid');
  for (const tail of ['=', '!', '\u00e9']) expect(await reason(`${good}${tail}`, symmetric)).not.toBe('good');
});

test('a public key is never taken as a secret', async () => {
  const { issuer, reason } = world();
  const pem = Buffer.from(rsa.publicKey.export({ type: 'spki', format: 'pem' }));
  for (const spki of [pem, rsa.publicKey.export({ type: 'spki', format: 'der' })]) {
    const forged = await issuer.symmetric(spki, {}, { kid: rsa.kid });
    expect(await reason(forged)).toBe('TokenSignatureInvalid');
  }
  const jwk = rsa.publicKey.export({ format: 'jwk' });
  const forged = await issuer.symmetric(Buffer.from(String(jwk.n), 'base64url'));
  expect(await reason(forged, withKey(`n="${jwk.n}" e="${jwk.e}" />`))).toBe('TokenSignatureInvalid');
});

test('unsigned tokens only when they are allowed', async () => {
  const { issuer, reason } = world();
  const loose = 'require-signed-tokens="false"';
  expect(await reason(issuer.unsigned(), symmetric)).toBe('TokenSignatureInvalid');
  expect(await reason(issuer.unsigned(), symmetric, loose)).toBe('good');
  // A signature that is there counts, and the header must say none.
  expect(await reason(await issuer.symmetric(randomBytes(32)), symmetric, loose)).toBe('TokenSignatureInvalid');
  const stripped = (await issuer.symmetric(secret)).replace(/[^.]+$/, '');
  expect(await reason(stripped, symmetric, loose)).toBe('TokenSignatureInvalid');
  const dressed = `${issuer.unsigned()}c2ln`;
  expect(await reason(dressed, symmetric, loose)).toBe('TokenSignatureInvalid');
});

test('lifetime', async () => {
  const { clock, issuer, reason } = world();
  const now = Math.floor(clock.time / 1000);
  const token = (claims: Record<string, unknown>) => issuer.symmetric(secret, claims);
  const skew = 'clock-skew="60"';
  expect(await reason(await token({ exp: now - 1 }), symmetric)).toBe('TokenExpired');
  expect(await reason(await token({ exp: now - 1 }), symmetric, skew)).toBe('good');
  expect(await reason(await token({ exp: now - 61 }), symmetric, skew)).toBe('TokenExpired');
  expect(await reason(await token({ nbf: now + 1 }), symmetric)).toBe('JwtInvalid');
  expect(await reason(await token({ nbf: now + 1 }), symmetric, 'clock-skew="@(30 * 2)"')).toBe('good');
  expect(await reason(await token({ nbf: now + 400, exp: now + 300 }), symmetric)).toBe('JwtInvalid');
  expect(await reason(await token({ exp: undefined }), symmetric)).toBe('TokenExpired');
  expect(await reason(await token({ exp: undefined }), symmetric, 'require-expiration-time="false"')).toBe('good');
  expect(await reason(await token({ exp: 'tomorrow' }), symmetric)).toBe('JwtInvalid');
});

const list = (name: string, item: string, ...values: string[]) =>
  `<${name}>${values.map((value) => `<${item}>${value}</${item}>`).join('')}</${name}>`;

test('audiences', async () => {
  const { issuer, reason, message } = world();
  const rules = symmetric + list('audiences', 'audience', 'api', '@("b" + 1)');
  const token = (aud: unknown) => issuer.symmetric(secret, { aud });
  expect(await reason(await token('api'), rules)).toBe('good');
  expect(await reason(await token(['x', 'b1']), rules)).toBe('good');
  expect(await message(await token(['x', 'y']), rules)).toBe(
    "IDX10214: Audience validation failed. Audiences: 'x, y'. Did not match: validationParameters.ValidAudience: 'null' or validationParameters.ValidAudiences: 'api, b1'. Access denied.",
  );
  expect(await message(await token(undefined), rules)).toContain('IDX10206');
  expect(await reason(await token('API'), rules)).toBe('TokenAudienceNotAllowed');
});

test('issuers: those of the policy and of the metadata', async () => {
  const { issuer, config, reason, message } = world();
  const rules = symmetric + list('issuers', 'issuer', 'https://one.example');
  const token = (iss: unknown) => issuer.symmetric(secret, { iss });
  expect(await reason(await token('https://one.example'), rules)).toBe('good');
  expect(await message(await token('https://two.example'), rules)).toBe(
    "IDX10205: Issuer validation failed. Issuer: 'https://two.example'. Did not match: validationParameters.ValidIssuer: 'null' or validationParameters.ValidIssuers: 'https://one.example'. Access denied.",
  );
  expect(await message(await token(undefined), rules)).toContain('IDX10211');
  expect(await reason(await token(undefined), symmetric)).toBe('good');
  expect(await reason(await issuer.token({ iss: 'https://two.example' }))).toBe('TokenIssuerNotAllowed');
  const both = config + list('issuers', 'issuer', 'https://two.example');
  expect(await reason(await issuer.token({ iss: 'https://two.example' }), both)).toBe('good');
  expect(await reason(await issuer.token(), both)).toBe('good');
});

test("the common endpoint's issuer stands for every tenant", async () => {
  const { issuer, reason } = world();
  issuer.issuer = 'https://sts.example/{tenantid}/';
  expect(await reason(await issuer.token({ iss: 'https://sts.example/t1/', tid: 't1' }))).toBe('good');
  expect(await reason(await issuer.token({ iss: 'https://sts.example/t1/', tid: 't2' }))).toBe('TokenIssuerNotAllowed');
  expect(await reason(await issuer.token({ iss: 'https://sts.example/{tenantid}/x' }))).toBe('TokenIssuerNotAllowed');
});

const claim = (attributes: string, ...values: string[]) =>
  `${symmetric}<required-claims><claim ${attributes}>${values.map((value) => `<value>${value}</value>`).join('')}</claim></required-claims>`;

test.each([
  ['presence', { a: 1 }, claim('name="a"'), 'good'],
  ['absence', {}, claim('name="a"'), 'TokenClaimNotFound'],
  ['an inherited name', {}, claim('name="constructor"'), 'TokenClaimNotFound'],
  ['equal', { a: 'x' }, claim('name="a"', 'x'), 'good'],
  ['another case', { a: 'X' }, claim('name="a"', 'x'), 'TokenClaimValueNotAllowed'],
  ['all, the default', { a: ['x', 'y', 'z'] }, claim('name="a"', 'x', 'y'), 'good'],
  ['not all', { a: ['x'] }, claim('name="a"', 'x', 'y'), 'TokenClaimValueNotAllowed'],
  ['any', { a: ['x'] }, claim('name="a" match="any"', 'x', 'y'), 'good'],
  ['none', { a: [] }, claim('name="a" match="any"', 'x', 'y'), 'TokenClaimValueNotAllowed'],
  ['any by expression', { a: 'y' }, claim('name="a" match="@("any")"', 'x', '@("y")'), 'good'],
  ['a list in text', { scp: 'read write' }, claim('name="scp" separator=" "', 'write', 'read'), 'good'],
  ['a list without separator', { scp: 'read write' }, claim('name="scp"', 'write'), 'TokenClaimValueNotAllowed'],
  ['a boolean', { a: true }, claim('name="a"', 'true'), 'good'],
  ['a number', { a: 12 }, claim('name="a"', '12'), 'good'],
  ['an object', { a: { roles: ['r'] } }, claim('name="a"', '{"roles":["r"]}'), 'good'],
  ['a name like a path', { 'https://x.example/role': 'r' }, claim('name="https://x.example/role"', 'r'), 'good'],
])('required claims: %s', async (_, claims, rules, expected) => {
  const { issuer, reason } = world();
  expect(await reason(await issuer.symmetric(secret, claims), rules)).toBe(expected);
});

test('what is said about claims', async () => {
  const { issuer, message } = world();
  const token = await issuer.symmetric(secret, { a: ['x', 'y'] });
  const missing = `${symmetric}<required-claims><claim name="b" /><claim name="a" /><claim name="c" /></required-claims>`;
  expect(await message(token, missing)).toBe('JWT token is missing the following claims: b, c. Access denied.');
  expect(await message(token, claim('name="a"', 'z'))).toBe('Claim a value of x, y is not allowed. Access denied.');
});

test('keys: modulus and exponent, certificate, id', async () => {
  const { issuer, reason } = world();
  const token = await issuer.token();
  const { n, e } = rsa.publicKey.export({ format: 'jwk' });
  expect(await reason(token, withKey(`n="${n}" e="${e}" />`))).toBe('good');
  expect(await reason(token, withKey(`id="k1" n="${n}" e="${e}" />`))).toBe('good');
  expect(await reason(token, withKey(`id="k9" n="${n}" e="${e}" />`))).toBe('TokenSignatureKeyNotFound');
  const named = `<issuer-signing-keys><key id="a">${randomBytes(32).toString('base64')}</key><key id="b">${secret.toString('base64')}</key></issuer-signing-keys>`;
  expect(await reason(await issuer.symmetric(secret, {}, { kid: 'b' }), named)).toBe('good');
  expect(await reason(await issuer.symmetric(secret), named)).toBe('good');
});

test('an unknown kid fetches the keys again, at most every five minutes', async () => {
  const { clock, issuer, reason, message } = world();
  expect(await reason(await issuer.token())).toBe('good');
  issuer.keys = [other];
  clock.time += 100_000;
  expect(await message(await issuer.token())).toBe(
    "IDX10501: Signature validation failed. Unable to match key: kid: 'k2'. Access denied.",
  );
  expect(issuer.requests).toHaveLength(2);
  clock.time += 200_000;
  expect(await reason(await issuer.token())).toBe('good');
  expect(issuer.requests).toHaveLength(4);
  issuer.keys = [other, rsa];
  expect(await reason(await issuer.token({}, rsa))).toBe('TokenSignatureKeyNotFound');
});

test('a token of a key that is gone is not good any more, although it was seen before', async () => {
  const { clock, issuer, reason } = world();
  const token = await issuer.token({ exp: Math.floor(clock.time / 1000) + 100_000 });
  expect(await reason(token)).toBe('good');
  issuer.keys = [other];
  clock.time += 3 * 3_600_000;
  expect(await reason(token)).toBe('TokenSignatureKeyNotFound');
});

test('the issuer is down: no keys is an error that heals, old keys stay good', async () => {
  const { clock, issuer, message, reason } = world();
  issuer.isDown = true;
  const token = await issuer.token({ exp: Math.floor(clock.time / 1000) + 1_000_000 });
  expect(await message(token)).toBe(
    `IDX20803: Unable to obtain configuration from: '${issuer.metadataUrl}'. Access denied.`,
  );
  await reason(token);
  expect(issuer.requests).toHaveLength(1);
  clock.time += 1_000;
  issuer.isDown = false;
  expect(await reason(token)).toBe('good');
  issuer.isDown = true;
  clock.time += 10 * 3_600_000;
  expect(await reason(token)).toBe('good');
  const asked = issuer.requests.length;
  expect(await reason(token)).toBe('good');
  expect(issuer.requests.length).toBe(asked);
});

test('requests that come at once share one fetch', async () => {
  const { issuer, reason } = world();
  const token = await issuer.token();
  expect(await Promise.all(Array.from({ length: 20 }, () => reason(token)))).toEqual(Array(20).fill('good'));
  expect(issuer.requests).toHaveLength(2);
});

test('encrypted tokens', async () => {
  const { issuer, reason } = world();
  const direct = randomBytes(32);
  const keys = `${symmetric}<decryption-keys><key>${direct.toString('base64')}</key></decryption-keys>`;
  const inner = await issuer.symmetric(secret);
  expect(await reason(await encryptToken(inner, direct, 'dir'), keys)).toBe('good');
  expect(await reason(await encryptToken(inner, randomBytes(32), 'dir'), keys)).toBe('JwtInvalid');
  expect(await reason(await encryptToken(inner, direct, 'dir'), symmetric)).toBe('JwtInvalid');
  expect(await reason(await encryptToken(issuer.unsigned(), direct, 'dir'), keys)).toBe('TokenSignatureInvalid');
  expect(await reason(await encryptToken('not a token', direct, 'dir'), keys)).toBe('JwtInvalid');
  const certificate = `${symmetric}<decryption-keys><key certificate-id="c1" /></decryption-keys>`;
  const privateKeyPem = String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const init = { certificateNames: ['c1'], certificates: { c1: { certificatePem: '', privateKeyPem } } };
  expect(await reason(await encryptToken(inner, rsa.publicKey, 'RSA-OAEP'), certificate, '', init)).toBe('good');
  expect(await reason(await encryptToken(inner, other.publicKey, 'RSA-OAEP'), certificate, '', init)).toBe(
    'JwtInvalid',
  );
});

test.each([
  ['text', 'hello'],
  ['two segments', 'a.b'],
  ['seven segments', 'a.b.c.d.e.f.g'],
  ['no JSON', 'aaaa.bbbb.cccc'],
  ['an array', `${Buffer.from('[]').toString('base64url')}.e30.x`],
  ['deep JSON', `e30.${Buffer.from('['.repeat(60_000)).toString('base64url')}.x`],
  ['too long', `e30.${'a'.repeat(300_000)}.x`],
  ['an unknown algorithm', `${Buffer.from('{"alg":"XX1"}').toString('base64url')}.e30.x`],
  ['an unknown critical header', `${Buffer.from('{"alg":"HS256","crit":["x"],"x":1}').toString('base64url')}.e30.x`],
  ['no algorithm', 'e30.e30.x'],
])('broken tokens are refused: %s', async (_, token) => {
  const { call } = world();
  const run = await call(token, symmetric);
  expect([run.status, run.body]).toEqual([401, '{ "statusCode": 401, "message": "Invalid JWT." }']);
  expect(run.exchange.lastError?.message).not.toContain(token);
});

test('the token becomes a variable', async () => {
  const { issuer, config, call } = world();
  const token = await issuer.token({ roles: ['a', 'b'] });
  const { exchange } = await call(token, config, 'output-token-variable-name="jwt"');
  const variable = exchange.variables.get('jwt');
  expect([typeNameOf(variable), toStringOf(variable)]).toEqual(['Microsoft.Azure.ApiManagement.Jwt', token]);
  const refused = await call('x', config, 'output-token-variable-name="jwt"');
  expect(refused.exchange.variables.has('jwt')).toBe(false);
});

test('expressions read the validated token', async () => {
  const { issuer, config, clock, http } = world();
  const run = await runPolicy(
    {
      inbound: `<validate-jwt header-name="Authorization" output-token-variable-name="jwt">${config}</validate-jwt>
        <set-header name="X-Subject"><value>@(((Jwt)context.Variables["jwt"]).Subject)</value></set-header>
        <set-header name="X-Roles"><value>@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("roles", ""))</value></set-header>`,
    },
    {
      ports: { http },
      clock,
      request: { headers: { Authorization: `Bearer ${await issuer.token({ roles: ['a', 'b'] })}` } },
    },
  );
  const { headers } = run.backendRequest ?? { headers: null };
  expect([run.exchange.lastError, headers?.get('X-Subject'), headers?.get('X-Roles')]).toEqual([null, 'ada', 'a,b']);
});

const key = '<issuer-signing-keys><key>c2VjcmV0</key></issuer-signing-keys>';
test.each([
  ['no source', '', key],
  ['two sources', 'header-name="a" token-value="b"', key],
  ['no keys', 'header-name="a"', ''],
  ['wrong order', 'header-name="a"', `<issuers><issuer>i</issuer></issuers>${key}`],
  ['a key of two kinds', 'header-name="a"', withKey('n="a" e="b">c2VjcmV0</key>')],
  ['n without e', 'header-name="a"', withKey('n="a" />')],
  ['an empty key', 'header-name="a"', withKey('/>')],
  ['a key that is not base64', 'header-name="a"', withKey('>not base64!</key>')],
  ['a certificate that does not exist', 'header-name="a"', withKey('certificate-id="nope" />')],
  ['no RSA key', 'header-name="a"', withKey('n="" e="" />')],
])('%s is refused when loaded', (_, attributes, content) => {
  expect(problemsOf({ inbound: `<validate-jwt ${attributes}>${content}</validate-jwt>` })).toHaveLength(1);
});
