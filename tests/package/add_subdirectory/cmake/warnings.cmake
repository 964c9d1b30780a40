message(FATAL_ERROR "a module of the consumer was included in the place of the own one")
