export { chooseProfile } from './choose-profile.ts';
export { type DeflateStream, PLAIN_PADDING } from './deflate-block.ts';
export { type EncoderProfile, PROFILES } from './encoder-profile.ts';
export { putTogether } from './put-together.ts';
export { readDeflate } from './read-deflate.ts';
export { takeApart } from './take-apart.ts';
export { workMax } from './work-max.ts';
