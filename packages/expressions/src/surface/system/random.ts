import { charge } from '../../runtime/budget.ts';
import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { NetRandom } from '../../runtime/random.ts';
import { declareType } from '../declare.ts';

export const randomType = declareType({
  name: 'System.Random',
  kind: 'class',
  members: {
    'new()': () => new NetRandom(crypto.getRandomValues(new Int32Array(1))[0] ?? 0),
    'new(int Seed)': (seed: number) => new NetRandom(seed),
    'int Next()': (self: NetRandom) => self.next(),
    'int Next(int maxValue)': (self: NetRandom, max: number) => {
      if (max < 0) throw argumentOutOfRange('maxValue', "'maxValue' must be greater than zero.");
      return self.below(0, max);
    },
    'int Next(int minValue, int maxValue)': (self: NetRandom, min: number, max: number) => {
      if (min > max) throw argumentOutOfRange('minValue', "'minValue' cannot be greater than maxValue.");
      return self.below(min, max);
    },
    'double NextDouble()': (self: NetRandom) => self.sample(),
    'void NextBytes(byte[] buffer)': (self: NetRandom, buffer: Uint8Array | null) => {
      if (buffer === null) throw argumentNull('buffer');
      charge(buffer.length);
      for (let i = 0; i < buffer.length; i++) buffer[i] = self.next() % 256;
    },
  },
});
