import { describe, expect, test } from 'vitest';
import { readFiles } from '../../testing/folders.ts';

describe('backends', () => {
  test('are read with breaker, pool and credentials', async () => {
    const { model, problems } = await readFiles({
      'backends/a/backendInformation.json': {
        properties: {
          url: 'https://a.example',
          protocol: 'http',
          credentials: {
            header: { 'x-key': ['{{key}}'] },
            authorization: { scheme: 'Basic', parameter: 'x' },
            certificate: ['ab12'],
          },
          circuitBreaker: {
            rules: [
              {
                name: 'r',
                tripDuration: 'PT10S',
                acceptRetryAfter: true,
                failureCondition: {
                  count: 3,
                  interval: 'PT1M',
                  statusCodeRanges: [{ min: 500, max: 599 }],
                  errorReasons: ['timeout'],
                },
              },
            ],
          },
        },
      },
      'backends/p/backendInformation.json': {
        properties: {
          type: 'Pool',
          pool: {
            services: [{ id: '/backends/A', priority: 1, weight: 3 }],
            sessionAffinity: { sessionId: { source: 'Cookie', name: 'sid' } },
          },
        },
      },
    });
    expect(problems).toEqual([]);
    expect(model.backends[0]).toMatchObject({
      type: 'Single',
      tls: { validateCertificateChain: true },
      credentials: { header: new Map([['x-key', ['{{key}}']]]), certificateIds: ['AB12'], managedIdentity: null },
      circuitBreaker: {
        rules: [{ tripDuration: 10_000, failureCondition: { count: 3, percentage: null, interval: 60_000 } }],
      },
    });
    expect(model.backends[1]).toMatchObject({
      type: 'Pool',
      url: null,
      pool: { services: [{ backend: 'a', priority: 1, weight: 3 }], sessionAffinity: { name: 'sid' } },
    });
  });

  test('report what is wrong with a rule', async () => {
    const { problems } = await readFiles({
      'backends/a/backendInformation.json':
        '{"circuitBreaker":{"rules":[{"tripDuration":"10s","failureCondition":{"interval":"PT1M",\n"statusCodeRanges":[{"min":500,"max":400}]}}]}}',
      'backends/b/backendInformation.json':
        '{"url":"https://b.example","circuitBreaker":{"rules":[{"tripDuration":"PT1S","failureCondition":{"interval":"PT1M",\n"statusCodeRanges":[{"min":500,"max":400}]}}]}}',
    });
    expect(problems).toEqual([
      'MissingProperty backends/a/backendInformation.json:1:1',
      'InvalidValue backends/a/backendInformation.json:1:45',
      'MissingProperty backends/a/backendInformation.json:1:70',
      'InvalidValue backends/a/backendInformation.json:2:38',
      'MissingProperty backends/b/backendInformation.json:1:97',
      'InvalidValue backends/b/backendInformation.json:2:38',
    ]);
  });
});
