import { declareType } from '../declare.ts';

const isolated = 'Expressions cannot see the machine that they run on.';

export const environmentType = declareType({
  name: 'System.Environment',
  kind: 'static',
  members: { 'static string NewLine { get; }': () => '\r\n' },
  refused: {
    GetEnvironmentVariable: isolated,
    MachineName: isolated,
    TickCount: 'Use context.Elapsed or DateTime.UtcNow.',
    Exit: isolated,
  },
});
