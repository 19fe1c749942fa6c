#!/usr/bin/env node
import { runLazuli } from './program.ts';

process.exitCode = await runLazuli(process.argv.slice(2));
