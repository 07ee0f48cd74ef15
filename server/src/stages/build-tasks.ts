import { hashFiles as hash } from '../scan/hash-files.ts';
import { walkBundle as walk } from '../scan/walk-bundle.ts';
import { writeBlobs as blobs } from './blob-task.ts';
import { writeDelta as delta } from './delta-task.ts';
import { writeFrame as frame } from './frame-task.ts';
import { writeJoint as joint } from './joint-task.ts';
import { sketchPrograms as programs } from './program-task.ts';
import { sketchBlobs as sketches } from './sketch-task.ts';
import { asTask } from './task-outcome.ts';

/** The functions that run in worker threads. Each exported name is a task of `TaskPool`. */
export const walkBundle = asTask(walk);
export const hashFiles = asTask(hash);
export const writeBlobs = asTask(blobs);
export const sketchPrograms = asTask(programs);
export const sketchBlobs = asTask(sketches);
export const writeDelta = asTask(delta);
export const writeFrame = asTask(frame);
export const writeJoint = asTask(joint);
