def test_the_solution_earns_full_marks(grade, solution):
    report = grade(solution)
    print(report)
    assert report.score == 5
