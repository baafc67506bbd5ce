import type { Check } from "./check";
import { checkAudio } from "./checks/audio";
import { checkCompose } from "./checks/compose";
import { checkConfiguration } from "./checks/configuration";
import { checkInference } from "./checks/inference";
import { checkModels } from "./checks/models";
import { checkOwnPorts } from "./checks/own-ports";
import { checkRedis } from "./checks/redis";
import { checkRedisClock } from "./checks/redis-clock";
import { checkRedisPorts } from "./checks/redis-ports";
import { checkRedisProgram } from "./checks/redis-program";
import { checkDisk, checkMemory } from "./checks/room";
import { checkRunningParley } from "./checks/running-parley";
import { checkWindow } from "./checks/window";
import { checkWorkers } from "./checks/workers";
import type { Probes } from "./probes";

/** All checks, in the order of `CHECK_NAMES`. */
export function allChecks(probes: Probes): Check[] {
  return [
    checkConfiguration(probes),
    checkRedis(probes),
    checkRedisClock(probes),
    checkRedisProgram(probes),
    checkRedisPorts(probes),
    checkCompose(probes),
    checkOwnPorts(probes),
    checkRunningParley(probes),
    checkWorkers(probes),
    checkModels(probes),
    checkInference(probes),
    checkDisk(probes),
    checkMemory(probes),
    checkAudio(probes),
    checkWindow(probes),
  ];
}
