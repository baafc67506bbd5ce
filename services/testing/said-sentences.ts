/**
 * What people say to a voice assistant, cut at every word by the tests of `judgeCompleteness`. `/`: the words before could be
 * all that was to be said; at every other place the sentence is unfinished.
 */
export const SAID_SENTENCES: readonly string[] = `
What is the capital of Norway?
Where did you put / the keys / of the shed?
Who wrote that book / about the two sisters?
How many legs does a spider have?
When does the next bus leave / from the market?
Why is the sky blue?
Which of these two films is longer?
How do I get to the harbour / from here?
What are you talking about?
Who are you looking for?
Where do your parents come from?
What is this cake made of?
How long have you been waiting / for me?
What would you do / in my place?
Whose umbrella is this?
How old is the universe?
What happened / to the dinosaurs?
Who was that?
How much does a new roof cost?
What does the word gravity mean?
What kind of music do you like?
Where should I plant / the tomatoes?
What time do we have to be there?
How far away is the moon?
Which bus goes to the hospital?
What did the teacher say / about the trip?
How can I learn to swim / at my age?
Where is the nearest petrol station?
Who won / the match / yesterday?
What should I cook / for six people / tonight?
Do you speak / Spanish?
Is it going to snow / this weekend?
Are there any eggs / left / in the fridge?
Can a penguin fly?
Could you speak a bit more slowly?
Have you ever been to Iceland?
Did anybody call / while I was out?
Would you like to hear / a secret?
Is that all?
Do I need a coat / today?
Are you sure / about that?
Can I ask you something?
Has the post come / yet?
Will the bakery be open / on Monday?
Should I take the train / or the car?
Is your name short for something?
Does this shop sell batteries?
Was Einstein really bad at school?
May I come in?
Can you turn it up / a little?
Could you look that up / for me?
Do you know how late it is?
Can you tell me where the museum is?
Do you remember what I told you / about my sister?
Have you got any idea / why the light keeps flickering?
Do you know if the pool opens / before nine?
Would it be possible to meet / a bit later?
Can you explain how a rainbow works?
Is there anything I should know / before I buy a boat?
Do you think / it will rain?
Set an alarm / for half past six.
Turn the heating down / to nineteen degrees.
Tell me / something / about volcanoes.
Play the next song.
Stop the music.
Read me the first page / of the letter.
Give me a recipe / for pancakes / without milk.
Remind me to water the plants / on Friday.
Call the dentist / and ask for an appointment.
Please / close the window.
Please / write that down.
Put bread on the list, / please.
Tell my wife / that I will be late.
Show me how to fold a paper plane.
Let us play a game.
Let me hear it / again.
Wake me up / at seven.
Find out / when the exhibition ends.
Add salt and pepper / to the shopping list.
Make it a bit louder.
Explain to me why cats purr.
Translate good morning into Japanese.
Say that once more, / please.
Sing me a song / about the sea.
Count from ten to one.
Pick a number / between one and fifty.
Start again / from the beginning.
Turn off the radio / in the bedroom.
Send him the photographs / from our holiday.
Do not forget to lock the door.
Take a note / for me.
Cancel the alarm.
Think of an animal.
Guess what I had for lunch.
Repeat after me.
Go back / to the last question.
Describe a giraffe / to a child.
Keep talking.
Give it another try.
Hold my calls / for an hour.
I am tired.
My leg hurts.
The bus was full / this morning.
It is snowing / again.
We are out of sugar.
She plays the violin.
He works in a hospital / near the river.
I love this song.
They moved to Canada / two years ago.
My son starts school / in September.
The neighbours are having a party.
I have a headache.
Nobody told me / about the meeting.
There is a spider / in the bath.
Our flight was cancelled.
I lost my wallet / on the train.
The film was too long.
My father used to be a sailor.
I met an old friend / at the market.
The garden looks beautiful / in spring.
I would rather stay at home.
You are right.
I am looking forward to it.
That sounds good / to me.
I am not sure / about the colour.
We had soup / for dinner.
The baby is asleep.
I bought two tickets / for the concert.
The lift is broken / again.
I think / so too.
That is all / I wanted to know.
I do not know what to do.
I have no idea / where it is.
She asked me / where I was from.
I wonder how they did it.
I forgot what his name was.
You said / it would be easy.
I believe / that the shop is closed.
I hope / you had a nice day.
I was hoping you could help me.
He told me / that nothing had changed.
I feel better / now.
I know / what you mean.
It seems that everybody has left.
I guess / we will have to wait.
I am afraid I cannot help you.
My sister says / she is coming / by car.
I am glad / that it worked.
We decided to sell the house.
I was about to call you.
I want to go home.
He tried to fix the roof / himself.
I need someone to talk to.
There is nothing to be afraid of.
She wants to become a pilot.
I have to get up / early / tomorrow.
I would love to see Venice / one day.
I forgot to turn off the oven.
My dog likes to swim / in the lake.
I used to live / in Berlin.
I am trying to sleep.
We plan to paint the kitchen / green.
It is hard to say.
It takes an hour / to get there.
This is the house I grew up in.
That is the man I told you about.
The woman who lives upstairs plays the piano.
The book that you gave me was wonderful.
Everything I eat tastes of pepper.
The people next door have three dogs.
The first time I saw the sea I was ten.
The best thing about winter is the snow.
The key to the cellar is under the mat.
The bridge over the canal was closed / for two weeks.
My cousin from Dublin is getting married / in May.
All the shops in the centre close / at noon.
The colour of the sky changed / every minute.
The only problem is that we have no money.
What I need is a strong coffee.
Half of the apples were rotten.
One of my teeth hurts.
A friend of mine collects old radios.
Some of the children were crying.
Most people I know drink tea.
Both of my brothers are taller than me.
When I was a child we had no television.
If you see my mother, tell her / I am fine.
Because of the storm the ferry was late.
After dinner we went for a walk.
Before you leave, please feed the cat.
Since the winter my knee has been stiff.
As soon as it stops raining I will go out.
Although it was late, nobody wanted to go home.
Unless you hurry we will miss the train.
While you were away somebody rang.
In the evening I like to read / a book.
On Sundays my grandfather bakes bread.
At the end of the street there is a bakery.
Last night I dreamt / of a huge fish.
Every morning she runs / around the park.
With a bit of luck we will be home / by six.
During the holidays the pool is free.
By the way, my phone is broken.
To be honest, I do not like cheese.
For my birthday I got a bicycle.
I stayed in bed / because I was ill.
She was angry / when she saw the bill.
He will call you / as soon as he knows / more.
We can go / if you are ready.
I washed the car / before it started to rain.
You can stay / until the rain stops.
It was so cold / that the lake froze.
I like him / although he talks too much.
I will wait here / while you park the car.
We left early / so that we would not miss the boat.
I opened the window / and a bird flew in.
I wanted to call you, / but my battery was empty.
He sings / and she dances.
Take the second road / on the left / and follow the signs.
It is small / but it has everything.
You can have tea / or you can have juice.
I cooked rice / and vegetables / for everyone.
She closed her eyes / and fell asleep.
I like apples / and pears.
My uncle is rich / but not happy.
I have never seen a whale.
I have just finished.
He has already gone.
They have been married / for forty years.
She had never been so happy / before.
I should have listened / to you.
It could have been worse.
You must be joking.
I might come / later.
They will not believe us.
We could try again / tomorrow.
I cannot find my glasses.
It does not matter.
He did not answer.
You do not have to shout.
I am not hungry.
She is not here / at the moment.
Nothing works / today.
I did not sleep / well / last night.
It was not my fault.
The soup needs more salt.
My brother gave me his old guitar.
He sent her a letter.
We named the cat Oscar.
The news made me sad.
I saw him / at the station / yesterday.
Somebody broke the window.
The doctor told me / to rest.
She taught me / how to knit.
I put the milk in the fridge.
He took the dog for a walk.
They let us in / for free.
I left my bag in the car.
You can call me Sam.
I find it very difficult.
It reminds me of my childhood.
The train arrives / at ten past four.
My shoes are wet.
It smells of smoke / in here.
The water is too cold / for me.
This is my favourite restaurant.
That was a good idea.
Those are not my gloves.
Here is the answer.
There were about thirty people.
It was a dark and stormy night.
It is nearly midnight.
I am twenty six / years old.
The tower is ninety metres high.
The ticket costs twelve pounds.
Yes, / I am.
No, / I do not.
Yes, / please.
No, / thanks.
Of course.
I do.
Not yet.
Maybe later.
Exactly.
The red one.
At eight.
In the garden.
Two, / please.
Not really.
Very good.
All right.
Me too.
I see.
Fine, / thank you.
Sounds great.
Good evening.
See you tomorrow.
Nice to meet you.
Have a good night.
Sorry, / what did you say?
Excuse me, / what was that?
Hello, / can you hear me?
Wait a moment.
Well, / that is a good question.
Oh, / I see what you mean.
So, / what shall we do now?
Okay, / let us start / again.
And what about you?
But why?
Really, / is that true?
And then he left.
So you have no children?
You come from Portugal?
That is it?
`
  .trim()
  .split("\n");
