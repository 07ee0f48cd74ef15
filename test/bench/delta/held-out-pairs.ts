import type { ForeignPair } from './foreign-pairs.ts';

/** Programs that no codec was developed against: what shows whether the others are typical. */
export const HELD_OUT_PAIRS: readonly ForeignPair[] = [
  {
    name: 'rolldown-x64',
    language: 'Rust',
    package: '@rolldown/binding-linux-x64-gnu',
    file: 'rolldown-binding.linux-x64-gnu.node',
    old: { version: '1.3.1', digest: 'a0e54e80a203c691c99dc590bb3bf3e4be350fdd4ec2803d79916c80c9756e72' },
    new: { version: '1.3.2', digest: '725eb96423bc206d5adb577ad69e325ffcb883954e60b55a2937af205f03e978' },
  },
  {
    name: 'rolldown-arm64',
    language: 'Rust',
    package: '@rolldown/binding-linux-arm64-gnu',
    file: 'rolldown-binding.linux-arm64-gnu.node',
    old: { version: '1.3.1', digest: 'ebbae896e6415df2335b9dc7c3953ef3bc8c36a360b760409a7867ecf6932199' },
    new: { version: '1.3.2', digest: '7a9088d767bc87ca55f1662a441bd6c147c5cc88d69e76b243c48ba1ff910f17' },
  },
  {
    name: 'ast-grep-arm64',
    language: 'Rust',
    package: '@ast-grep/cli-linux-arm64-gnu',
    file: 'ast-grep',
    old: { version: '0.51.0', digest: '50f96dbaf16c20b6e3f2275b3e670bd2a8e527e85c67ca906447116b2ff37cee' },
    new: { version: '0.51.1', digest: 'bf31aeda9584b14dedff1e3c9a501fed449b48635da2f40f676851a3b3e9982f' },
  },
  {
    name: 'depot-x64',
    language: 'Go',
    package: '@depot/cli-linux-x64',
    file: 'bin/depot',
    old: {
      version: '0.0.1-cli.2.100.8',
      digest: 'ed9df169618ba740dd198ecd7f1b4f9d7b04112224bd984a2bbe775fc6354017',
    },
    new: {
      version: '0.0.1-cli.2.100.9',
      digest: 'ae1d4ece6271bb83cada2507409305c0fa4499cf94969e3bf14bfcbc05768b40',
    },
  },
  {
    name: 'duckdb-x64',
    language: 'C++',
    package: '@duckdb/node-bindings-linux-x64',
    file: 'libduckdb.so',
    old: { version: '1.5.5-r.5', digest: 'fc23f12e376c47be520f75221288281906e7942e8fd6f6ce4849198ba60d0405' },
    new: { version: '1.5.6-r.1', digest: '3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633' },
  },
];
