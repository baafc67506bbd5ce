/** Twelve words each, without digits or rare names, so that a listener who errs has misheard. */
export const TWELVE_WORD_SENTENCES: readonly string[] = [
  "The morning train to the city was late again because of snow.",
  "She keeps her old letters in a wooden box under the bed.",
  "Please close the kitchen window before the rain comes into the house.",
  "My brother works in a small garden behind the village school today.",
  "We walked along the river until the lights of the town appeared.",
  "Nobody in the room could remember where the key had been left.",
  "The doctor told him to drink more water and to sleep longer.",
  "A good book and a warm fire are enough for this evening.",
  "They painted the front door green and the fence around it white.",
  "The children were playing in the street when the music suddenly stopped.",
  "He bought fresh bread and a bottle of milk on his way.",
  "Every summer the family spends two weeks near the sea with friends.",
  "The teacher asked a simple question and waited for a clear answer.",
  "It takes about an hour to reach the top of the mountain.",
  "Her new office has large windows and a view of the park.",
  "The farmer has three horses and a dog that follows him everywhere.",
  "You can find the station at the end of this long road.",
  "The old man told us a story about ships and distant islands.",
  "I will call you back as soon as the meeting is over.",
  "The cat slept on the warm chair while the rain was falling.",
];

/** What a person might ask; the built-in brain answers each in a sentence or two. */
export const QUESTIONS: readonly string[] = [
  "Hello, how are you today?",
  "What time is it?",
  "What is twelve times seven?",
  "What is your name?",
  "What can you do?",
  "What day is it today?",
  "Please tell me a joke.",
  "How do you spell window?",
  "What is forty plus two?",
  "Good morning.",
  "Thank you very much.",
  "Are you a human being?",
];
