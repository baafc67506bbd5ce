import { pick, type Skill } from "./skill";

const jokes: readonly [string, ...string[]] = [
  "Why did the clock go to the doctor? Because it was running late.",
  "I would tell you a joke about silence, but it would not be heard.",
  "What do you call a bear without teeth? A gummy bear.",
  "Why was the microphone so happy? It had found somebody to talk to.",
  "My friend gave up counting sheep. He said that they never counted him.",
  "Why did the cloud break off its journey? It wanted to let off some rain.",
  "What did one loudspeaker say to the other? I hear you, but only on the left.",
];

const facts: readonly [string, ...string[]] = [
  "Sound travels about three hundred and forty metres in one second, so thunder three seconds late is one kilometre away.",
  "Octopuses have three hearts, and two of them serve the gills alone.",
  "Honey keeps for thousands of years when it is well closed.",
  "A day on Venus is longer than its year.",
];

/** Long on purpose: each takes the better part of a minute to say, so there is time to cut in. */
const stories: readonly [string, ...string[]] = [
  "Once upon a time, in a lighthouse at the end of a long grey coast, there lived a keeper who collected sounds. She kept the creak of the stairs, the cry of the gulls, and the low song of the wind in the chimney. Every evening she opened the window and listened for something new. One autumn night she heard a bell far out on the water, where no bell should be. She lit the lamp, took her oldest coat, and rowed out into the dark. There she found a small boat with a boy in it, and the bell hung from its mast. He had lost his way, he said, and had rung it for three days in the hope that somebody was listening. The keeper took him home, gave him soup, and hung the bell beside her door. From then on it rang whenever a ship was in trouble, and nobody ever found out who pulled the rope.",
  "There was once a baker who could not sleep, and so he baked at night for a town that was always asleep. He made bread with walnuts, bread with honey, and small rolls in the shape of owls. One morning he found that all the owls were gone, and on the counter lay a silver coin. The next night he hid behind the flour sacks and waited. At two in the morning the door opened without a sound, and in came a fox with a basket. She chose twelve owls, one after the other, and smelled each of them with great care. Then she laid down her coin, bowed to the sacks, and left. The baker laughed so much that he fell asleep at once, for the first time in years. Since then he has baked thirteen owls every night, and the thirteenth is always gone too.",
  "Long ago a clockmaker built a clock that told the truth. It did not show the hour; it showed how much time was left for what you were doing. A merchant asked it about his journey, and the hand moved to a week. A child asked it about her game, and the hand went round and round and would not stop. The king came too, and asked how long his kingdom would last. The clock thought for a while, and then its little door opened and a wooden bird looked out. It said that kingdoms last as long as people tell stories about them. So the king sat down on the floor of the workshop and began to tell one. He was still talking when the sun went down, and the clockmaker quietly made some tea.",
];

export const storySkill: Skill = ({ plain }, context) => {
  if (/\bjokes?\b|\bmake me laugh\b|\b(?:say|tell me) something funny\b|^(?:another|one more)(?: one)?$/.test(plain))
    return pick(jokes, context);
  if (
    /\b(?:tell|read|give|know|hear|have|want|like)\b.*\b(?:story|stories|tale|fairy tale)\b|^(?:a |another |one more )?(?:long |short )?story$|\btalk for a (?:while|long time)\b|\btell me something long\b/.test(
      plain,
    )
  )
    return pick(stories, context);
  if (
    /\b(?:tell|give|know|say)\b.*\b(?:a |an |any |some |interesting |fun )?(?:facts?|something (?:interesting|new))\b/.test(
      plain,
    )
  )
    return pick(facts, context);
  return undefined;
};
