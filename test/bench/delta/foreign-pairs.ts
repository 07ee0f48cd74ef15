/** A native program of the npm registry in two of its versions. */
export interface ForeignPair {
  /** Program and architecture: `turbo-arm64`. */
  readonly name: string;
  readonly language: string;
  readonly package: string;
  /** How the program's path starts in the package. */
  readonly file: string;
  readonly old: ForeignRelease;
  readonly new: ForeignRelease;
}

export interface ForeignRelease {
  readonly version: string;
  /** SHA-256 of the program, in hexadecimal digits. */
  readonly digest: string;
}

/** Twelve programs in four languages for both architectures; versions next to each other. */
export const FOREIGN_PAIRS: readonly ForeignPair[] = [
  {
    name: 'lightningcss-x64',
    language: 'Rust',
    package: 'lightningcss-linux-x64-gnu',
    file: 'lightningcss.linux-x64-gnu.node',
    old: { version: '1.31.1', digest: '751bc92429f1f1c70e330c01dcdc274d478def6f9a93ae0b14a98b6919f171a4' },
    new: { version: '1.32.0', digest: '2024f99789a601c7438b387117032ba07594cbba9b784064b47cdc60a0972326' },
  },
  {
    name: 'lightningcss-arm64',
    language: 'Rust',
    package: 'lightningcss-linux-arm64-gnu',
    file: 'lightningcss.linux-arm64-gnu.node',
    old: { version: '1.31.1', digest: '4e3165baac27955c6e26e2d86d3d59c3ee079256d56c81efe684c9e0276b5f5c' },
    new: { version: '1.32.0', digest: 'd1d49e9d946775577d8894d0fbf8ecc3675de61af14884b5b0c78744afbe7061' },
  },
  {
    name: 'rollup-x64',
    language: 'Rust',
    package: '@rollup/rollup-linux-x64-gnu',
    file: 'rollup.linux-x64-gnu.node',
    old: { version: '4.68.6', digest: '3e10296eac927b54857a9c980be734242535483c66a97576273ad319a4868e1c' },
    new: { version: '4.68.7', digest: '08a72f80a9bf86804ee8042f88841ed006f9809c6156674dfcb66c6ee03bef75' },
  },
  {
    name: 'rollup-arm64',
    language: 'Rust',
    package: '@rollup/rollup-linux-arm64-gnu',
    file: 'rollup.linux-arm64-gnu.node',
    old: { version: '4.68.6', digest: '66a7a0606673df88c49620c8db40809b95ec2b1f864fa75d754413d1e2b75797' },
    new: { version: '4.68.7', digest: '07702c06f8bd4d4f3d5f75a1d7bbc5d371546b330f0bfecc1a4daa59fade96f4' },
  },
  {
    name: 'oxlint-x64',
    language: 'Rust',
    package: '@oxlint/binding-linux-x64-gnu',
    file: 'oxlint.linux-x64-gnu.node',
    old: { version: '1.93.0', digest: '4bbc48ec4210f16a0b803f8501bf3f81e80f23b9104518d95fefccaa106faaff' },
    new: { version: '1.94.0', digest: '62af7fa6064acde88078cee485cff78d51ba83a8a34bfe935612ff506635e8ab' },
  },
  {
    name: 'oxlint-arm64',
    language: 'Rust',
    package: '@oxlint/binding-linux-arm64-gnu',
    file: 'oxlint.linux-arm64-gnu.node',
    old: { version: '1.93.0', digest: 'aaea0545613fa008f2caefb3359dd701f5d27c706d2dccc6e3832ba8c4e23561' },
    new: { version: '1.94.0', digest: '0e2d3b2539a014ac7d1ef5890b338b4f248a11ffa6d256f1fd1898e2d88fb16b' },
  },
  {
    name: 'turbo-x64',
    language: 'Rust',
    package: '@turbo/linux-64',
    file: 'bin/turbo',
    old: { version: '2.11.10', digest: '67a5ccd624ecc38bd84ba70cc23a23a4ba215700361cf22d2907c761457e6ab6' },
    new: { version: '2.11.11', digest: '5596db466a747d6f557b5b1767c5c4ef62c9fbdd22ad3572e3ee0b7605d99701' },
  },
  {
    name: 'turbo-arm64',
    language: 'Rust',
    package: '@turbo/linux-arm64',
    file: 'bin/turbo',
    old: { version: '2.11.10', digest: 'b1613101cad9e146185e91418034f2357ab0747ee3e33137357f6c42690e9e1b' },
    new: { version: '2.11.11', digest: '4c8dbd06563d1cfe434974c36c183612f0dc7b5cf2f1b51737bc582260796552' },
  },
  {
    name: 'tailwind-oxide-x64',
    language: 'Rust',
    package: '@tailwindcss/oxide-linux-x64-gnu',
    file: 'tailwindcss-oxide.linux-x64-gnu.node',
    old: { version: '4.3.2', digest: '025a2ad39295ca4ddebc15e688b7ee3a09b229ffaa672a781b716e5764565cb7' },
    new: { version: '4.3.3', digest: 'cc1d852b9d8bdca43db28aff578de9628ca54a960e10297a3f100a32bf5a9be3' },
  },
  {
    name: 'tailwind-oxide-arm64',
    language: 'Rust',
    package: '@tailwindcss/oxide-linux-arm64-gnu',
    file: 'tailwindcss-oxide.linux-arm64-gnu.node',
    old: { version: '4.3.2', digest: '9c95f9e8267db3ed1622f3074b3f0d123dc5e95f3d7d7f404ae456a2b86e20ae' },
    new: { version: '4.3.3', digest: 'b851cce7433b03db12c11d7d34a5471c1a62dffbc2ffe115afedd8eb77f78d71' },
  },
  {
    name: 'sentry-cli-x64',
    language: 'Rust',
    package: '@sentry/cli-linux-x64',
    file: 'bin/sentry-cli',
    old: { version: '3.7.0', digest: 'cec71d46a7cc394c94b6e75f1601985c710d457376c546ef3975567b3671563b' },
    new: { version: '3.8.0', digest: '13f8cb34ae01a6a272d7d7c22e277a105286615b4020de900ea95a8de47cdbb6' },
  },
  {
    name: 'sentry-cli-arm64',
    language: 'Rust',
    package: '@sentry/cli-linux-arm64',
    file: 'bin/sentry-cli',
    old: { version: '3.7.0', digest: '69cc0e951f663a332fd3bb3069e443cb3748abbfce497ae2caac6d5a9ec7ae65' },
    new: { version: '3.8.0', digest: 'eaea24b5b47b61a96d9a2e353268ea41fd9a8c5b7979694330df614d4af672bf' },
  },
  {
    name: 'lefthook-x64',
    language: 'Go',
    package: 'lefthook-linux-x64',
    file: 'bin/lefthook',
    old: { version: '2.2.1', digest: '4cfe773de735e62cf574ade601207a6fe8b6c987aa515f4a2ffa0d146857d9cd' },
    new: { version: '2.2.2', digest: '7771d6243018b445bb83dd3c9b12dffd92a6067a3958f21d984bb389d8dbbc58' },
  },
  {
    name: 'lefthook-arm64',
    language: 'Go',
    package: 'lefthook-linux-arm64',
    file: 'bin/lefthook',
    old: { version: '2.2.1', digest: '784f60c3156a1eb2a40de17140cfbd1dca0b7081aa59ccbc25352914866b20b1' },
    new: { version: '2.2.2', digest: '08fb1bfbc40c8ecd16b6fa1ff4590da31b255d70883776eaf5b0e9f46f80416f' },
  },
  {
    name: 'buf-x64',
    language: 'Go',
    package: '@bufbuild/buf-linux-x64',
    file: 'bin/buf',
    old: { version: '1.74.0', digest: '92326d957d613712669fb55f9e4340946a8142a92120e09008459118778273d2' },
    new: { version: '1.75.0', digest: 'fad1e38d6909bbb583a4da81d8c02a01046e2cd663bde7e337dd24277393764b' },
  },
  {
    name: 'buf-arm64',
    language: 'Go',
    package: '@bufbuild/buf-linux-aarch64',
    file: 'bin/buf',
    old: { version: '1.74.0', digest: 'd42b471501a85dbadb40062960492dd81ce5ca4e413f4133d514d3ae3c0af4df' },
    new: { version: '1.75.0', digest: '00eb190aa82df17f393e05b04889cc60a0b13b3259d336e21a87d5f23ab4fd26' },
  },
  {
    name: 'tsgo-x64',
    language: 'Go',
    package: '@typescript/native-preview-linux-x64',
    file: 'lib/tsgo',
    old: {
      version: '7.0.0-dev.20260706.1',
      digest: '3fea8bfc42a082393a638ea580789444159c92b92bcd834fca27aa40cd13da05',
    },
    new: {
      version: '7.0.0-dev.20260707.2',
      digest: '138b9ab195ae0ad372dae2f952090e07d4c504bbccf63240172ae843116009ce',
    },
  },
  {
    name: 'tsgo-arm64',
    language: 'Go',
    package: '@typescript/native-preview-linux-arm64',
    file: 'lib/tsgo',
    old: {
      version: '7.0.0-dev.20260706.1',
      digest: '03a4e4536d333bc3518e3b3a7b3d60bd30e02681b6fc6de1c069d7ab138d82c2',
    },
    new: {
      version: '7.0.0-dev.20260707.2',
      digest: 'c8d135b3fe758fbe072314bee51ff502236eae7640d86cd9afcd081498c1c5ff',
    },
  },
  {
    name: 'libvips-x64',
    language: 'C, C++',
    package: '@img/sharp-libvips-linux-x64',
    file: 'lib/libvips-cpp.so',
    old: { version: '1.3.3', digest: '536cee19ab906cb5185ad519bf87647693f5d7b55e608c92eb28607f89ca5125' },
    new: { version: '1.3.4', digest: '4aa73553408c3964071728f4a231a8e86918e39bc49f1fbae75355f7ea933ea9' },
  },
  {
    name: 'libvips-arm64',
    language: 'C, C++',
    package: '@img/sharp-libvips-linux-arm64',
    file: 'lib/libvips-cpp.so',
    old: { version: '1.3.3', digest: '264d3092d69de80f5acdb71c930efec8db5bd9627f41659ed3416566b9ae34b4' },
    new: { version: '1.3.4', digest: '97c2ae9a663cd3de58a34d68820994e49e0e261fddbd4616bd726a72610bbc8f' },
  },
  {
    name: 'skia-canvas-x64',
    language: 'C++',
    package: '@napi-rs/canvas-linux-x64-gnu',
    file: 'skia.linux-x64-gnu.node',
    old: { version: '1.1.0', digest: '6e804ce6543f508e78176110987e677c880c52e0d235a251058117434be11431' },
    new: { version: '1.1.1', digest: 'ef8a8b0c32ad747561d52d1a5961601ed8587b62eff30f4790afe749fc47d625' },
  },
  {
    name: 'skia-canvas-arm64',
    language: 'C++',
    package: '@napi-rs/canvas-linux-arm64-gnu',
    file: 'skia.linux-arm64-gnu.node',
    old: { version: '1.1.0', digest: '908281bd4d3e8a52cac3a381334fde18830ca0e820e2891a3581d1bb628167c1' },
    new: { version: '1.1.1', digest: 'a000f69ee31def92785ba66c1be8851d7b43662b064ac72d001f76ad99dcc0b4' },
  },
  {
    name: 'sass-x64',
    language: 'Dart',
    package: 'sass-embedded-linux-x64',
    file: 'dart-sass/src/sass.snapshot',
    old: { version: '1.104.0', digest: 'd8cb2a08b41fdf26e7fbe8585ac1dec9abdfe4ce152cbeb74e8f8fdf2e1b3a84' },
    new: { version: '1.104.1', digest: '72e76e7bd7e1795eab232d5dd7937a2feac113e3fdc332bbf9eacdad735cdad6' },
  },
  {
    name: 'sass-arm64',
    language: 'Dart',
    package: 'sass-embedded-linux-arm64',
    file: 'dart-sass/src/sass.snapshot',
    old: { version: '1.104.0', digest: '1da4f23b4277c58ab878cd13ff775cf7f933a99fc6bb1d9eb65ce78d306d9268' },
    new: { version: '1.104.1', digest: 'cfe3e5edc0beb0b159093f65ed07de7e66c54cf939bc67852f5d3010f1cd5694' },
  },
];
