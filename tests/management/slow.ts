import type { ResourceProvider } from '@lazuli/management';

/** A provider whose work takes as long as the test wants. */
export function slowProvider(gate: { open: Promise<void>; fail?: boolean; runs: number }): ResourceProvider {
  const work = async ({ signal }: { readonly signal: AbortSignal }) => {
    gate.runs++;
    await Promise.race([
      gate.open,
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    ]);
    if (gate.fail) throw new Error('broken inside');
    return undefined;
  };
  return {
    namespace: 'Contoso.Slow',
    displayName: 'Contoso Slow',
    apiVersions: ['2024-01-01'],
    types: [
      {
        type: 'Contoso.Slow/things',
        tracked: true,
        name: { says: 'anything' },
        put: { longRunning: { onRestart: 'repeat', work } },
        delete: {
          longRunning: {
            via: 'Location',
            onRestart: 'repeat',
            async work({ resourceId, change }) {
              await gate.open;
              await change([{ operation: 'deleteSubtree', id: resourceId }]);
              return { status: 204 };
            },
          },
        },
        actions: [{ name: 'mend', run: () => ({}), longRunning: { onRestart: 'fail', work } }],
      },
    ],
  };
}
