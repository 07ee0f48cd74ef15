import { MACHINE_AARCH64, MACHINE_X86_64 } from '../../../elf-header.ts';
import { type Layout, NO_LAYOUT } from '../references/layout.ts';
import { ABSOLUTE, BASED, type Column, DRIFTING, PLAIN, type Region, SELF } from '../references/region.ts';
import { goRegions } from './go-table.ts';
import { type Elf, type ElfSection, readElf, SHF_ALLOC, SHF_EXECINSTR, SHT_RELA } from './read-elf.ts';
import type { RegionPlan } from './region-plan.ts';

/** What code is made of, by machine (e_machine). */
const CODE: ReadonlyMap<number, 'x86' | 'aarch64'> = new Map([
  [MACHINE_X86_64, 'x86'],
  [MACHINE_AARCH64, 'aarch64'],
]);
const SYMBOLS: readonly Column[] = [DRIFTING, PLAIN, ABSOLUTE, PLAIN, PLAIN, PLAIN];
const RELOCATIONS: readonly Column[] = [ABSOLUTE, PLAIN, PLAIN, PLAIN, ABSOLUTE, PLAIN];
const POINTERS: readonly Column[] = [ABSOLUTE, PLAIN];
/** What has no references although it is loaded: strings and hashes. */
const NO_REFERENCES = new Set(['.dynstr', '.gnu.hash', '.hash', '.gnu.version', '.interp']);

/**
 * What is known of two programs: empty where one of them is no 64-bit little-endian ELF file. A wrong guess makes the delta larger,
 * never wrong, so the headers are believed.
 */
export function elfLayout(source: Uint8Array, target: Uint8Array): Layout {
  const old = readElf(source);
  const now = old === undefined ? undefined : readElf(target);
  if (old === undefined || now === undefined || old.segments.length === 0) return NO_LAYOUT;
  // Of equal names the first counts. An object file may have 65,535 sections, each with a name of its own.
  const others = new Map(now.sections.toReversed().map((section) => [section.name, section]));
  const plans =
    old.sections.length === 0
      ? segmentPlans(old)
      : old.sections.flatMap((section) => {
          const other = others.get(section.name);
          if (section.name === '.gopclntab' && other !== undefined)
            return goRegions(
              { bytes: source, section, code: codeOf(old) },
              { bytes: target, section: other, code: codeOf(now) },
            );
          return planFor(old, section, other?.address ?? 0);
        });
  return {
    source: old.segments,
    target: now.segments,
    regions: apart(plans, CODE.get(old.machine) ?? 'x86'),
  };
}

/** A stripped program says only which parts are code. */
function segmentPlans({ machine, segments }: Elf): RegionPlan[] {
  return segments.flatMap(({ offset, size, executable }) => {
    const place = { start: offset, length: size, sourceBase: 0, targetBase: 0 };
    if (!executable) return offset % 8 === 0 ? [{ ...place, columns: POINTERS }] : [];
    return CODE.has(machine) ? [{ ...place, columns: [] }] : [];
  });
}

function planFor({ machine }: Elf, section: ElfSection, targetBase: number): RegionPlan[] {
  const { name, type, flags, address, offset, size } = section;
  const place = { start: offset, length: size, sourceBase: 0, targetBase: 0 };
  if ((flags & SHF_EXECINSTR) !== 0) return CODE.has(machine) ? [{ ...place, columns: [] }] : [];
  if (name === '.symtab' || name === '.dynsym') return [{ ...place, columns: SYMBOLS }];
  if (type === SHT_RELA) return [{ ...place, columns: RELOCATIONS }];
  if (name === '.eh_frame') return [{ ...place, columns: [SELF] }];
  if (name === '.eh_frame_hdr')
    return [{ ...place, columns: [BASED, BASED], sourceBase: address, targetBase }];
  if ((flags & SHF_ALLOC) !== 0 && offset % 8 === 0 && !NO_REFERENCES.has(name))
    return [{ ...place, columns: POINTERS }];
  return [];
}

function codeOf({ sections }: Elf): number {
  return sections.find(({ name }) => name === '.text')?.address ?? 0;
}

/** Regions front to back; what overlaps with the one before is left out. */
function apart(plans: readonly RegionPlan[], code: 'x86' | 'aarch64'): Region[] {
  const regions: Region[] = [];
  let end = 0;
  for (const plan of [...plans].sort((a, b) => a.start - b.start)) {
    if (plan.start < end || plan.length === 0) continue;
    regions.push({ ...plan, kind: plan.columns.length === 0 ? code : 'words' });
    end = plan.start + plan.length;
  }
  return regions;
}
